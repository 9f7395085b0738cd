using System.Runtime.InteropServices;

namespace FlatFuse.Benchmarks;

/// <summary>The only native calls of this repository: the matrix products of the libraries that FlatFuse is measured against.</summary>
internal static class NativeMethods
{
    public const string OpenBlas = "libopenblas.so.0";
    public const string Blis = "libblis.so.4";
    public const string OneDnn = "libdnnl.so.2";
    private const string OpenMP = "libgomp.so.1";

    [DllImport(OpenBlas, EntryPoint = "cblas_sgemm")]
    public static extern void OpenBlasSgemm(
        int order, int transposeA, int transposeB, int m, int n, int k, float alpha, ref float a, int lda, ref float b, int ldb, float beta, ref float c, int ldc);

    [DllImport(OpenBlas, EntryPoint = "openblas_set_num_threads")]
    public static extern void OpenBlasSetThreads(int threads);

    [DllImport(OpenBlas, EntryPoint = "openblas_get_corename")]
    public static extern nint OpenBlasCoreName();

    [DllImport(OpenBlas, EntryPoint = "openblas_get_config")]
    public static extern nint OpenBlasConfig();

    [DllImport(Blis, EntryPoint = "cblas_sgemm")]
    public static extern void BlisSgemm(
        int order, int transposeA, int transposeB, int m, int n, int k, float alpha, ref float a, int lda, ref float b, int ldb, float beta, ref float c, int ldc);

    [DllImport(Blis, EntryPoint = "bli_thread_set_num_threads")]
    public static extern void BlisSetThreads(nint threads);

    [DllImport(Blis, EntryPoint = "bli_arch_query_id")]
    public static extern int BlisArchitecture();

    [DllImport(Blis, EntryPoint = "bli_arch_string")]
    public static extern nint BlisArchitectureName(int id);

    [DllImport(Blis, EntryPoint = "bli_info_get_version_str")]
    public static extern nint BlisVersion();

    [DllImport(OneDnn, EntryPoint = "dnnl_sgemm")]
    public static extern int OneDnnSgemm(
        byte transposeA, byte transposeB, long m, long n, long k, float alpha, ref float a, long lda, ref float b, long ldb, float beta, ref float c, long ldc);

    [DllImport(OneDnn, EntryPoint = "dnnl_version")]
    public static extern nint OneDnnVersion();

    [DllImport(OpenMP, EntryPoint = "omp_set_num_threads")]
    public static extern void OpenMPSetThreads(int threads);

    /// <summary>.NET keeps an environment of its own: only this one is seen by native code.</summary>
    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi)]
    public static extern int SetEnvironment(string name, string value, int overwrite);
}

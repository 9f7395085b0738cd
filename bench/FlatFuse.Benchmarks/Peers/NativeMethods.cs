using System.Runtime.InteropServices;

namespace FlatFuse.Benchmarks;

/// <summary>The only native calls of this repository: the matrix products, convolutions and recurrent layers of the libraries that FlatFuse is measured against.</summary>
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

    [DllImport(OneDnn, EntryPoint = "dnnl_engine_create")]
    public static extern int OneDnnEngine(out nint engine, int kind, nuint index);

    [DllImport(OneDnn, EntryPoint = "dnnl_stream_create")]
    public static extern int OneDnnStream(out nint stream, nint engine, uint flags);

    [DllImport(OneDnn, EntryPoint = "dnnl_stream_wait")]
    public static extern int OneDnnWait(nint stream);

    [DllImport(OneDnn, EntryPoint = "dnnl_memory_desc_init_by_tag")]
    public static extern int OneDnnLayout(nint layout, int rank, [In] long[] sizes, int type, int tag);

    [DllImport(OneDnn, EntryPoint = "dnnl_memory_desc_equal")]
    public static extern int OneDnnLayoutsEqual(nint left, nint right);

    [DllImport(OneDnn, EntryPoint = "dnnl_memory_desc_get_size")]
    public static extern nuint OneDnnBytes(nint layout);

    [DllImport(OneDnn, EntryPoint = "dnnl_memory_create")]
    public static extern int OneDnnMemory(out nint memory, nint layout, nint engine, ref float first);

    [DllImport(OneDnn, EntryPoint = "dnnl_convolution_forward_desc_init")]
    public static extern int OneDnnForward(
        nint description, int kind, int algorithm, nint x, nint kernel, nint bias, nint y, [In] long[] strides, [In] long[] before, [In] long[] behind);

    [DllImport(OneDnn, EntryPoint = "dnnl_convolution_backward_data_desc_init")]
    public static extern int OneDnnInputGradient(nint description, int algorithm, nint dx, nint kernel, nint dy, [In] long[] strides, [In] long[] before, [In] long[] behind);

    [DllImport(OneDnn, EntryPoint = "dnnl_convolution_backward_weights_desc_init")]
    public static extern int OneDnnWeightGradient(
        nint description, int algorithm, nint x, nint dkernel, nint dbias, nint dy, [In] long[] strides, [In] long[] before, [In] long[] behind);

    [DllImport(OneDnn, EntryPoint = "dnnl_lstm_forward_desc_init")]
    public static extern int OneDnnLSTM(
        nint description, int kind, int direction, nint x, nint h0, nint c0, nint kernel, nint recurrent, nint bias, nint y, nint h, nint c, uint flags);

    [DllImport(OneDnn, EntryPoint = "dnnl_lstm_backward_desc_init")]
    public static extern int OneDnnLSTMGradients(
        nint description, int kind, int direction, nint x, nint h0, nint c0, nint kernel, nint recurrent, nint bias, nint y, nint h, nint c,
        nint dx, nint dh0, nint dc0, nint dkernel, nint drecurrent, nint dbias, nint dy, nint dh, nint dc, uint flags);

    [DllImport(OneDnn, EntryPoint = "dnnl_gru_forward_desc_init")]
    public static extern int OneDnnGRU(
        nint description, int kind, int direction, nint x, nint h0, nint kernel, nint recurrent, nint bias, nint y, nint h, uint flags);

    [DllImport(OneDnn, EntryPoint = "dnnl_gru_backward_desc_init")]
    public static extern int OneDnnGRUGradients(
        nint description, int kind, int direction, nint x, nint h0, nint kernel, nint recurrent, nint bias, nint y, nint h,
        nint dx, nint dh0, nint dkernel, nint drecurrent, nint dbias, nint dy, nint dh, uint flags);

    [DllImport(OneDnn, EntryPoint = "dnnl_lbr_gru_forward_desc_init")]
    public static extern int OneDnnGRUResetAfter(
        nint description, int kind, int direction, nint x, nint h0, nint kernel, nint recurrent, nint bias, nint y, nint h, uint flags);

    [DllImport(OneDnn, EntryPoint = "dnnl_lbr_gru_backward_desc_init")]
    public static extern int OneDnnGRUResetAfterGradients(
        nint description, int kind, int direction, nint x, nint h0, nint kernel, nint recurrent, nint bias, nint y, nint h,
        nint dx, nint dh0, nint dkernel, nint drecurrent, nint dbias, nint dy, nint dh, uint flags);

    [DllImport(OneDnn, EntryPoint = "dnnl_primitive_desc_create")]
    public static extern int OneDnnChoose(out nint chosen, nint description, nint attributes, nint engine, nint forward);

    [DllImport(OneDnn, EntryPoint = "dnnl_reorder_primitive_desc_create")]
    public static extern int OneDnnReorder(out nint chosen, nint from, nint fromEngine, nint to, nint toEngine, nint attributes);

    [DllImport(OneDnn, EntryPoint = "dnnl_primitive_desc_query_md")]
    public static extern nint OneDnnChosenLayout(nint chosen, int what, int index);

    [DllImport(OneDnn, EntryPoint = "dnnl_primitive_create")]
    public static extern int OneDnnPrimitive(out nint primitive, nint chosen);

    [DllImport(OneDnn, EntryPoint = "dnnl_primitive_execute")]
    public static extern int OneDnnExecute(nint primitive, nint stream, int count, [In] OneDnnArgument[] arguments);

    [DllImport(OpenMP, EntryPoint = "omp_set_num_threads")]
    public static extern void OpenMPSetThreads(int threads);

    /// <summary>.NET keeps an environment of its own: only this one is seen by native code.</summary>
    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi)]
    public static extern int SetEnvironment(string name, string value, int overwrite);
}

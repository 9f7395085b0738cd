using System.Runtime.InteropServices;
using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Benchmarks;

/// <summary>OpenBLAS, told to use its AVX-512 kernels where the machine has the instructions.</summary>
internal sealed class OpenBlasGemm : NativeGemm
{
    private const int RowMajor = 101;
    private const int Plain = 111;
    private const int Transposed = 112;

    private OpenBlasGemm()
    {
        string core = Marshal.PtrToStringAnsi(NativeMethods.OpenBlasCoreName()) ?? "?";
        Version = $"{string.Join(' ', (Marshal.PtrToStringAnsi(NativeMethods.OpenBlasConfig()) ?? "").Split(' ').Take(2))}, core {core}";
        // It does not know newer processors and then runs SSE3 kernels: a win over those is none.
        IsFair = core != "Prescott";
    }

    public override string Name => "openblas";

    public override string Version { get; }

    private bool IsFair { get; }

    public static OpenBlasGemm? Load()
    {
        string core = KernelSets.V512.IsAccelerated ? "SkylakeX" : "Haswell";
        if (Environment.GetEnvironmentVariable("OPENBLAS_CORETYPE") is null && OperatingSystem.IsLinux() && NativeMethods.SetEnvironment("OPENBLAS_CORETYPE", core, 1) != 0)
            return null;
        if (!NativeLibrary.TryLoad(NativeMethods.OpenBlas, out _))
            return null;
        var library = new OpenBlasGemm();
        if (library.IsFair)
            return library;
        Console.Error.WriteLine($"OpenBLAS runs its Prescott (SSE3) kernels and is left out; start with OPENBLAS_CORETYPE={core}.");
        return null;
    }

    public override void SetThreads(int threads) => NativeMethods.OpenBlasSetThreads(threads);

    public override void Multiply(in GemmShape s, Tensor<float> a, Tensor<float> b, Tensor<float> c) => NativeMethods.OpenBlasSgemm(
        RowMajor, s.TransposeA ? Transposed : Plain, s.TransposeB ? Transposed : Plain, s.M, s.N, s.K,
        1f, ref MemoryMarshal.GetReference(a.AsSpan()), s.TransposeA ? s.M : s.K, ref MemoryMarshal.GetReference(b.AsSpan()), s.TransposeB ? s.K : s.N,
        0f, ref MemoryMarshal.GetReference(c.AsSpan()), s.N);
}

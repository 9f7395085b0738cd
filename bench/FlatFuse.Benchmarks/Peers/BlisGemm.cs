using System.Runtime.InteropServices;
using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Benchmarks;

/// <summary>BLIS through its CBLAS door.</summary>
internal sealed class BlisGemm : NativeGemm
{
    private const int RowMajor = 101;
    private const int Plain = 111;
    private const int Transposed = 112;

    public override string Name => "blis";

    public override string Version { get; } =
        $"BLIS {Marshal.PtrToStringAnsi(NativeMethods.BlisVersion())}, {Marshal.PtrToStringAnsi(NativeMethods.BlisArchitectureName(NativeMethods.BlisArchitecture()))} kernels";

    public static BlisGemm? Load() => NativeLibrary.TryLoad(NativeMethods.Blis, out _) ? new BlisGemm() : null;

    public override void SetThreads(int threads) => NativeMethods.BlisSetThreads(threads);

    public override void Multiply(in GemmShape s, Tensor<float> a, Tensor<float> b, Tensor<float> c) => NativeMethods.BlisSgemm(
        RowMajor, s.TransposeA ? Transposed : Plain, s.TransposeB ? Transposed : Plain, s.M, s.N, s.K,
        1f, ref MemoryMarshal.GetReference(a.AsSpan()), s.TransposeA ? s.M : s.K, ref MemoryMarshal.GetReference(b.AsSpan()), s.TransposeB ? s.K : s.N,
        0f, ref MemoryMarshal.GetReference(c.AsSpan()), s.N);
}

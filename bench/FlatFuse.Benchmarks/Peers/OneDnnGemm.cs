using System.Runtime.InteropServices;
using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Benchmarks;

/// <summary>oneDNN's <c>dnnl_sgemm</c>, whose threads are OpenMP's.</summary>
internal sealed class OneDnnGemm : NativeGemm
{
    public override string Name => "onednn";

    public override string Version { get; } = $"oneDNN {ReadVersion()}";

    public static OneDnnGemm? Load() => NativeLibrary.TryLoad(NativeMethods.OneDnn, out _) ? new OneDnnGemm() : null;

    public override void SetThreads(int threads) => NativeMethods.OpenMPSetThreads(threads);

    public override void Multiply(in GemmShape s, Tensor<float> a, Tensor<float> b, Tensor<float> c)
    {
        int status = NativeMethods.OneDnnSgemm(
            (byte)(s.TransposeA ? 'T' : 'N'), (byte)(s.TransposeB ? 'T' : 'N'), s.M, s.N, s.K,
            1f, ref MemoryMarshal.GetReference(a.AsSpan()), s.TransposeA ? s.M : s.K, ref MemoryMarshal.GetReference(b.AsSpan()), s.TransposeB ? s.K : s.N,
            0f, ref MemoryMarshal.GetReference(c.AsSpan()), s.N);
        if (status != 0)
            throw new InvalidOperationException($"dnnl_sgemm of {s}: status {status}; expected 0 (success). Time it without oneDNN.");
    }

    private static string ReadVersion()
    {
        nint version = NativeMethods.OneDnnVersion();
        return string.Join('.', Enumerable.Range(0, 3).Select(i => Marshal.ReadInt32(version, 4 * i)));
    }
}

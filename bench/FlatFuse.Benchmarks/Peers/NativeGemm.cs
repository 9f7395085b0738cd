using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Benchmarks;

/// <summary>SGEMM of a native library, called in this process.</summary>
internal abstract class NativeGemm
{
    private static readonly Lazy<IReadOnlyList<NativeGemm>> LazyInstalled =
        new(() => [.. new NativeGemm?[] { OpenBlasGemm.Load(), BlisGemm.Load(), OneDnnGemm.Load() }.OfType<NativeGemm>()]);

    /// <summary>What this machine has, loaded once. Empty where nothing is installed: the tables are then without peers.</summary>
    public static IReadOnlyList<NativeGemm> Installed => LazyInstalled.Value;

    public abstract string Name { get; }

    /// <summary>Version and the kernels that the library chose.</summary>
    public abstract string Version { get; }

    /// <summary>Sets the threads of all calls that follow.</summary>
    public abstract void SetThreads(int threads);

    /// <summary>C = op(A) op(B), dense, row-major.</summary>
    public abstract void Multiply(in GemmShape s, Tensor<float> a, Tensor<float> b, Tensor<float> c);
}

using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatFuse.Kernels;

/// <summary>
/// The one table of kernel sets, narrowest first; the only place where the hardware is asked. Tests, benches and
/// <c>FLATFUSE_ISA</c> all read it: a set that is registered here is tested and measured.
/// </summary>
public static class KernelSets
{
    /// <summary>The environment variable that forces a set by name.</summary>
    public const string EnvironmentVariable = "FLATFUSE_ISA";

    /// <summary>Plain C#, one float at a time.</summary>
    public static KernelSet Scalar => ScalarSet.One;

    /// <summary><see cref="Vector{T}"/>, whatever width the runtime gives it.</summary>
    public static KernelSet Portable => PortableSet.One;

    /// <summary>128 bits: SSE, AdvSimd.</summary>
    public static KernelSet V128 => V128Set.One;

    /// <summary>256 bits: AVX2 with FMA.</summary>
    public static KernelSet V256 => V256Set.One;

    /// <summary>512 bits: AVX-512. A runtime told to prefer 256 bits reports this width as not accelerated though the instructions are there.</summary>
    public static KernelSet V512 => V512Set.One;

    /// <summary>Every set, narrowest first, accelerated here or not.</summary>
    public static IReadOnlyList<KernelSet> All => AllSets.List;

    /// <summary>The set named by <c>FLATFUSE_ISA</c>, else the widest that is accelerated here. Read once.</summary>
    /// <exception cref="PlatformNotSupportedException">The variable names a width that this machine does not run in hardware.</exception>
    /// <exception cref="ArgumentException">The variable names no set.</exception>
    public static KernelSet Default => LazyDefault.Value;

    private static readonly Lazy<KernelSet> LazyDefault = new(() => Choose(Environment.GetEnvironmentVariable(EnvironmentVariable)));

    /// <summary>The set that <paramref name="name"/> forces, or the widest accelerated one when it is null or empty.</summary>
    /// <param name="name">A set's name or null.</param>
    /// <exception cref="PlatformNotSupportedException">This machine does not run that width in hardware.</exception>
    /// <exception cref="ArgumentException">No set has that name.</exception>
    public static KernelSet Choose(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return V512.IsAccelerated ? V512 : V256.IsAccelerated ? V256 : V128.IsAccelerated ? V128 : Portable.IsAccelerated ? Portable : Scalar;
        string accelerated = string.Join(", ", All.Where(set => set.IsAccelerated));
        KernelSet forced = All.FirstOrDefault(set => set.Name == name)
            ?? throw new ArgumentException($"{EnvironmentVariable}={name} names no kernel set; expected one of {string.Join(", ", All)}.", nameof(name));
        return forced.IsAccelerated
            ? forced
            : throw new PlatformNotSupportedException($"{EnvironmentVariable}={name}: this machine does not run that width in hardware; choose one of {accelerated}.");
    }

    // A class a set, so that a program that uses one set never makes the types of the other four: they are large.
    private static class ScalarSet
    {
        public static readonly KernelSet One = new KernelSet<SimdScalar, float>("scalar", isAccelerated: true);
    }

    private static class PortableSet
    {
        public static readonly KernelSet One = new KernelSet<SimdPortable, Vector<float>>("vector", Vector.IsHardwareAccelerated);
    }

    private static class V128Set
    {
        public static readonly KernelSet One = new KernelSet<Simd128, Vector128<float>>("v128", Vector128.IsHardwareAccelerated);
    }

    private static class V256Set
    {
        public static readonly KernelSet One = new KernelSet<Simd256, Vector256<float>>("v256", Vector256.IsHardwareAccelerated);
    }

    private static class V512Set
    {
        public static readonly KernelSet One = new KernelSet<Simd512, Vector512<float>>("v512", Vector512.IsHardwareAccelerated && Avx512F.IsSupported);
    }

    private static class AllSets
    {
        public static readonly IReadOnlyList<KernelSet> List = [Scalar, Portable, V128, V256, V512];
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>x Φ(x), exact (no tanh approximation); derivative Φ(x) + x φ(x).
/// Source: Hendrycks, Gimpel, Gaussian error linear units, 2016.</summary>
internal readonly struct GELUActivation<TSimd, TVector> : IActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool NeedsInput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter)
        => TSimd.Multiply(x, VectorMath<TSimd, TVector>.NormalDistribution(x, out _));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x, TVector y)
    {
        TVector share = VectorMath<TSimd, TVector>.NormalDistribution(x, out TVector density);
        return TSimd.MultiplyAdd(x, density, share);
    }
}

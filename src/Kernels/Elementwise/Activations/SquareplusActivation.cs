using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>(x + √(x² + 4)) / 2; derivative 1/(1 + y⁻²), because y − 1/y = x.
/// Source: Barron, Squareplus: a softplus-like algebraic rectifier, 2021.</summary>
internal readonly struct SquareplusActivation<TSimd, TVector> : IActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter)
    {
        // For x < 0 the sum cancels; its reciprocal at |x| does not, because y(−x) = 1/y(x). Beyond 10⁹ the root is |x|, and x² might overflow.
        TVector half = TSimd.Splat(0.5f);
        TVector magnitude = TSimd.Abs(x);
        TVector root = TSimd.Sqrt(TSimd.MultiplyAdd(x, x, TSimd.Splat(4f)));
        root = TSimd.Select(TSimd.GreaterThan(magnitude, TSimd.Splat(1e9f)), magnitude, root);
        TVector mean = TSimd.MultiplyAdd(half, magnitude, TSimd.Multiply(half, root));
        return TSimd.Select(TSimd.LessThan(x, default(TVector)), TSimd.Divide(TSimd.Splat(1f), mean), mean);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x, TVector y)
    {
        // In this form neither y = 0 nor y = ∞ makes NaN: 1/(1 + ∞) and 1/(1 + 0).
        TVector inverse = TSimd.Divide(TSimd.Splat(1f), TSimd.Multiply(y, y));
        return TSimd.Divide(TSimd.Splat(1f), TSimd.Add(TSimd.Splat(1f), inverse));
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>x for |x| &gt; 1/2, else 0; derivative 1 where y is not 0. NaN stays NaN, where Keras's comparison makes it 0.</summary>
internal readonly struct HardShrinkActivation<TSimd, TVector> : IActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter)
    {
        // |x| ≤ 1/2 as one strict comparison with the next float, which is false for NaN.
        TVector isInside = TSimd.LessThan(TSimd.Abs(x), TSimd.Splat(MathF.BitIncrement(0.5f)));
        return TSimd.Select(isInside, default(TVector), x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x, TVector y) => TSimd.BitAnd(TSimd.GreaterThan(TSimd.Abs(y), default(TVector)), TSimd.Splat(1f));
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>scale · (x for x &gt; 0, else α(eˣ − 1)); derivative scale for y &gt; 0, else y + scale · α.
/// Source: Klambauer et al., Self-normalizing neural networks, 2017.</summary>
internal readonly struct SELUActivation<TSimd, TVector> : IActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const float Scale = 1.0507009873554805f;
    private const float ScaledAlpha = (float)(1.0507009873554805 * 1.6732632423543772);

    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter)
        => TSimd.Select(
            TSimd.GreaterThan(x, default(TVector)),
            TSimd.Multiply(x, TSimd.Splat(Scale)),
            TSimd.Multiply(VectorMath<TSimd, TVector>.ExpMinusOneOfNonPositive(x), TSimd.Splat(ScaledAlpha)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x, TVector y)
        => TSimd.Select(TSimd.GreaterThan(y, default(TVector)), TSimd.Splat(Scale), TSimd.Add(y, TSimd.Splat(ScaledAlpha)));
}

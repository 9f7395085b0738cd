using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

internal static partial class VectorMath<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const float SmallestNormal = 1.17549435e-38f;

    /// <summary>The natural logarithm: −infinity at 0, NaN below.</summary>
    /// <remarks>
    /// x = m · 2ᵉ with m in [√½, √2); log m = f − f²/2 + f³ P(f) with f = m − 1 (exact), relative error 6e-9; e ln 2 is added in two
    /// parts, the small one first. Subnormal x are multiplied by 2²⁵ before and lose 25 from e.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Log(TVector x)
    {
        TVector subnormal = TSimd.LessThan(x, TSimd.Splat(SmallestNormal));
        TVector normal = TSimd.Select(subnormal, TSimd.Multiply(x, TSimd.Splat(33_554_432f)), x);
        TVector f = TSimd.Subtract(TSimd.SplitMantissa(normal, out TVector exponent), TSimd.Splat(1f));
        exponent = TSimd.Select(subnormal, TSimd.Subtract(exponent, TSimd.Splat(25f)), exponent);
        TVector p = TSimd.Splat(-0.0786021045249f);
        p = TSimd.MultiplyAdd(p, f, TSimd.Splat(0.128813965644f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Splat(-0.131283970593f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Splat(0.141812147345f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Splat(-0.166245973096f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Splat(0.200022859922f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Splat(-0.250008089548f));
        p = TSimd.MultiplyAdd(p, f, TSimd.Splat(0.333333167285f));
        TVector square = TSimd.Multiply(f, f);
        TVector tail = TSimd.MultiplyAdd(TSimd.Multiply(square, f), p, TSimd.Multiply(exponent, TSimd.Splat(LogOfTwoLow)));
        TVector value = TSimd.Add(TSimd.MultiplyAdd(square, TSimd.Splat(-0.5f), tail), f);
        value = TSimd.MultiplyAdd(exponent, TSimd.Splat(LogOfTwoHigh), value);
        // Outside (0, ∞): 0 → −∞; ∞ and NaN stay; negative → NaN.
        TVector special = TSimd.Select(
            TSimd.Equal(x, default(TVector)),
            TSimd.Splat(float.NegativeInfinity),
            TSimd.Select(TSimd.LessThan(x, default(TVector)), TSimd.Splat(float.NaN), x));
        TVector ordinary = TSimd.BitAnd(TSimd.GreaterThan(x, default(TVector)), TSimd.LessThan(x, TSimd.Splat(float.PositiveInfinity)));
        return TSimd.Select(ordinary, value, special);
    }

    /// <summary>log(1 + eˣ) = max(x, 0) + log(1 + e^{−|x|}).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Softplus(TVector x)
        => TSimd.Add(TSimd.MaxNative(TSimd.Splat(0f), x), LogOnePlus(Exp(TSimd.BitOr(x, TSimd.Splat(-0f)))));

    /// <summary>log(sigmoid x) = min(x, 0) − log(1 + e^{−|x|}).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LogSigmoid(TVector x)
        => TSimd.Subtract(TSimd.MinNative(TSimd.Splat(0f), x), LogOnePlus(Exp(TSimd.BitOr(x, TSimd.Splat(-0f)))));

    // log(1 + t) for t in [0, 1] = 2 artanh(s) = 2s(1 + s² P(s²)), s = t / (2 + t) in [0, 1/3]; relative error 5e-9, exact as t → 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector LogOnePlus(TVector t)
    {
        TVector s = TSimd.Divide(t, TSimd.Add(t, TSimd.Splat(2f)));
        TVector square = TSimd.Multiply(s, s);
        TVector p = TSimd.Splat(0.140137845123f);
        p = TSimd.MultiplyAdd(p, square, TSimd.Splat(0.139993566746f));
        p = TSimd.MultiplyAdd(p, square, TSimd.Splat(0.200108545997f));
        p = TSimd.MultiplyAdd(p, square, TSimd.Splat(0.33333206678f));
        TVector twice = TSimd.Add(s, s);
        return TSimd.MultiplyAdd(TSimd.Multiply(twice, square), p, twice);
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

internal static partial class VectorMath<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>
    /// Φ(x) = (1 + erf(x/√2)) / 2, the share of the standard normal distribution below x, and its density φ(x) = e^{−x²/2} / √(2π).
    /// </summary>
    /// <remarks>
    /// Φ(−|x|) = e^{−x²/2} · t R(t) with t = 1 / (1 + 0.35 |x|): the factor beside the exponential (a Mills ratio) is smooth, so one
    /// polynomial of degree 8 serves all x to 3e-8, and the left tail keeps its relative accuracy, which 1 + erf would lose.
    /// The right half is 1 − Φ(−x). x² is rounded before the exponential, so relative errors grow with x² (2e-6 at |x| = 8).
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector NormalDistribution(TVector x, out TVector density)
    {
        TVector one = TSimd.Splat(1f);
        TVector exponential = Exp(TSimd.Multiply(TSimd.Multiply(x, x), TSimd.Splat(-0.5f)));
        density = TSimd.Multiply(exponential, TSimd.Splat(0.398942280f));
        TVector t = TSimd.Divide(one, TSimd.MultiplyAdd(TSimd.Abs(x), TSimd.Splat(0.35f), one));
        TVector r = TSimd.Splat(-0.0291458777554f);
        r = TSimd.MultiplyAdd(r, t, TSimd.Splat(0.1439714679f));
        r = TSimd.MultiplyAdd(r, t, TSimd.Splat(-0.255713833228f));
        r = TSimd.MultiplyAdd(r, t, TSimd.Splat(0.159173740488f));
        r = TSimd.MultiplyAdd(r, t, TSimd.Splat(-0.0231095868115f));
        r = TSimd.MultiplyAdd(r, t, TSimd.Splat(0.105507915034f));
        r = TSimd.MultiplyAdd(r, t, TSimd.Splat(0.119832886523f));
        r = TSimd.MultiplyAdd(r, t, TSimd.Splat(0.139861867502f));
        r = TSimd.MultiplyAdd(r, t, TSimd.Splat(0.139621404402f));
        TVector below = TSimd.Multiply(TSimd.Multiply(exponential, t), r);
        return TSimd.Select(TSimd.GreaterThan(x, default(TVector)), TSimd.Subtract(one, below), below);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatFuse.Kernels;

/// <summary>
/// Transcendental functions on whole vectors, for all widths from one source. At most 2.5 units in the last place from the true
/// value (tests state the grids); NaN gives NaN, infinities and saturation come out as the mathematics says.
/// </summary>
/// <remarks>
/// Every coefficient set is the minimax polynomial for a relative error, found by Remez exchange in 40 digits and rounded to float;
/// the stated error is that of the polynomial, the rest is rounding. A clamp always has its constant on the left:
/// <c>MaxNative</c> and <c>MinNative</c> let a NaN on the right through. Whether <see cref="TableMath"/> serves stands in the functions themselves: the compiler
/// decides it while it reads them, and leaves the other way unread; through a property it would read and inline both first.
/// </remarks>
internal static partial class VectorMath<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const float LogOfTwoHigh = 0.693359375f;
    private const float LogOfTwoLow = -2.12194440e-4f;
    private const float Log2OfE = 1.44269504f;

    /// <summary>eˣ: 0 from −104 down, infinity from 88.73 up, subnormal results rounded once.</summary>
    /// <remarks>
    /// eˣ = 2ⁿ · eʳ with n = round(x / ln 2) and r = x − n ln 2 in ±0.347. ln 2 is taken off in two parts; the first has 9 significant
    /// bits, so n times it is exact with or without FMA.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp(TVector x)
    {
        if (typeof(TVector) == typeof(Vector512<float>) && Avx512F.IsSupported)
            return TableMath.Exp(x);
        TVector clamped = TSimd.MinNative(TSimd.Splat(89f), TSimd.MaxNative(TSimd.Splat(-105f), x));
        TVector octaves = TSimd.Round(TSimd.Multiply(clamped, TSimd.Splat(Log2OfE)));
        TVector rest = Reduce(clamped, octaves);
        return TSimd.ScaleByAnyPowerOfTwo(TSimd.Add(TSimd.Splat(1f), ExpMinusOneNearZero(rest)), octaves);
    }

    /// <summary>
    /// eˣ for x ≤ 0, and 0 below −87: what softmax makes of a row whose maximum has been taken off. Beside the row's largest term, 1, such terms are nothing, but
    /// a subnormal result costs over a hundred cycles here and again wherever it is used. Masked attention would have many.
    /// </summary>
    /// <remarks>A maximum taken off leaves nothing above 0 but NaN, so that only the lower end needs a clamp, and powers of two down to 2⁻¹²⁶ are normal.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ExpOfShifted(TVector x)
    {
        if (typeof(TVector) == typeof(Vector512<float>) && Avx512F.IsSupported)
            return TableMath.ExpOfShifted(x);
        TVector least = TSimd.Splat(-87f);
        TVector clamped = TSimd.MaxNative(least, x);
        TVector octaves = TSimd.Round(TSimd.Multiply(clamped, TSimd.Splat(Log2OfE)));
        TVector e = TSimd.ScaleByPowerOfTwo(TSimd.Add(TSimd.Splat(1f), ExpMinusOneNearZero(Reduce(clamped, octaves))), octaves);
        return TSimd.Select(TSimd.LessThan(x, least), default(TVector), e);
    }

    /// <summary>eˣ − 1 for x ≤ 0 (larger x count as 0), relatively exact near 0; −1 from −18 down.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ExpMinusOneOfNonPositive(TVector x)
        => ExpMinusOne(TSimd.MinNative(TSimd.Splat(0f), TSimd.MaxNative(TSimd.Splat(-30f), x)));

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    /// <remarks>For x below −88.7 e⁻ˣ is infinite and the result exactly 0: no subnormal tail that would slow later arithmetic.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid(TVector x)
    {
        TVector one = TSimd.Splat(1f);
        return TSimd.Divide(one, TSimd.Add(one, Exp(Negate(x))));
    }

    /// <summary>tanh x = m / (m + 2) with m = e^{2|x|} − 1, then the sign of x: exact at ±0, odd, ±1 from 10 on.</summary>
    /// <remarks>The quotient damps the error of m: near 0 both are as exact as m, far out m cancels against itself.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh(TVector x)
    {
        if (typeof(TVector) == typeof(Vector512<float>) && Avx512F.IsSupported)
            return TableMath.Tanh(x);
        TVector magnitude = TSimd.MinNative(TSimd.Splat(10f), TSimd.Abs(x));
        TVector m = ExpMinusOne(TSimd.Add(magnitude, magnitude));
        TVector quotient = TSimd.Divide(m, TSimd.Add(m, TSimd.Splat(2f)));
        return TSimd.BitOr(quotient, TSimd.BitAnd(x, TSimd.Splat(-0f)));
    }

    /// <summary>−x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Negate(TVector x) => TSimd.BitXor(x, TSimd.Splat(-0f));

    /// <summary>x, and 0 for subnormal x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector FlushSubnormal(TVector x)
        => TSimd.ZeroBelow(x, 1.17549435e-38f);


    // eˣ − 1 = 2ⁿ(eʳ − 1) + (2ⁿ − 1) for |x| ≤ 80: both terms are exact or rounded once, and for n = 0 nothing cancels.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExpMinusOne(TVector x)
    {
        TVector octaves = TSimd.Round(TSimd.Multiply(x, TSimd.Splat(Log2OfE)));
        TVector one = TSimd.Splat(1f);
        TVector power = TSimd.ScaleByPowerOfTwo(one, octaves);
        return TSimd.MultiplyAdd(power, ExpMinusOneNearZero(Reduce(x, octaves)), TSimd.Subtract(power, one));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Reduce(TVector x, TVector octaves)
        => TSimd.MultiplyAdd(octaves, TSimd.Splat(-LogOfTwoLow), TSimd.MultiplyAdd(octaves, TSimd.Splat(-LogOfTwoHigh), x));

    // eʳ − 1 = r + r² P(r), |r| ≤ 0.3467, relative error 1.4e-8.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExpMinusOneNearZero(TVector r)
    {
        TVector p = TSimd.Splat(0.00139464409795f);
        p = TSimd.MultiplyAdd(p, r, TSimd.Splat(0.00836657808374f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Splat(0.0416662822732f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Splat(0.166665430732f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Splat(0.500000006179f));
        return TSimd.MultiplyAdd(TSimd.Multiply(r, r), p, r);
    }
}

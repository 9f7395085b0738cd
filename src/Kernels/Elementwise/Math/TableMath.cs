using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatFuse.Kernels;

/// <summary>
/// eˣ and tanh x on 512 bits, where a register holds a table of 16 numbers and one instruction looks up a lane's own entry in it, or in two tables. The
/// tables make arguments so small that short polynomials serve, and tanh needs no division. Serves where vectors are 512 bits wide and the processor has the lookups.
/// </summary>
/// <remarks>
/// Written by hand for this width because it pays: 1.3 times the speed of the long polynomials of <see cref="VectorMath{TSimd, TVector}"/> for eˣ, 1.8 times for
/// tanh, over 16 K floats. Over all floats eˣ is within 0.8 units in the last place, tanh within 2.2. Coefficients are minimax in the relative error, found in 40 digits, each rounded to float before the next ones are fitted.
/// </remarks>
internal static class TableMath
{
    /// <summary>eˣ as <see cref="VectorMath{TSimd, TVector}.Exp"/> promises it.</summary>
    /// <remarks>
    /// eˣ = 2ⁿ · eʳ with n = x / ln 2 rounded to sixteenths: 2^⌊n⌋ is put in by the scaling, which takes the floor itself, the rest of 2ⁿ is one
    /// of 16 numbers, and r is in ±0.0217. Adding 1.5 · 2¹⁹ leaves the sixteenths in the lowest bits, the lookup takes the last four of them.
    /// ln 2 is taken off in two parts; n has at most 12 bits and the first part 9, so their product is exact. What rounding took from the 16 numbers, relative
    /// to them, is given back to eʳ − 1: without it a sigmoid near 2⁻²⁴, which doubles the error of its exponential, would be 3 units in the last place off.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp<TVector>(TVector x)
        where TVector : unmanaged
    {
        Vector512<float> clamped = Vector512.MinNative(
            Vector512.Create(89f), Vector512.MaxNative(Vector512.Create(-105f), Unsafe.BitCast<TVector, Vector512<float>>(x)));
        return Unsafe.BitCast<Vector512<float>, TVector>(ExpWithin(clamped));
    }

    /// <summary>eˣ as <see cref="VectorMath{TSimd, TVector}.ExpOfShifted"/> promises it.</summary>
    /// <remarks>Of lanes below −87 nothing is asked but that the last instruction leaves them 0, so none needs a clamp; NaN is not below.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ExpOfShifted<TVector>(TVector x)
        where TVector : unmanaged
    {
        Vector512<float> value = Unsafe.BitCast<TVector, Vector512<float>>(x);
        Vector512<float> kept = Avx512F.CompareNotLessThan(value, Vector512.Create(-87f));
        return Unsafe.BitCast<Vector512<float>, TVector>(Vector512.ConditionalSelect(kept, ExpWithin(value), Vector512<float>.Zero));
    }

    /// <summary>tanh x as <see cref="VectorMath{TSimd, TVector}.Tanh"/> promises it.</summary>
    /// <remarks>
    /// |x| is d = |x| − i s away from one of 32 centres at distance s = 1215 / 4096, and tanh |x| a polynomial of degree 5 in d, |d| ≤ s / 2, with
    /// six coefficients of centre i. i s is exact, and so is d. At centre 0 the polynomial begins with d itself: exact at ±0 and for tiny x. The last
    /// centre, 9.196, holds 1 and everything beyond; s was chosen among many so that tanh of the first centres is close to a float.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh<TVector>(TVector x)
        where TVector : unmanaged
    {
        Vector512<float> value = Unsafe.BitCast<TVector, Vector512<float>>(x);
        Vector512<float> magnitude = Vector512.MinNative(Vector512.Create(31f * 1215 / 4096), Vector512.Abs(value));
        Vector512<float> toWhole = Vector512.Create(12_582_912f);
        Vector512<float> shifted = Avx512F.FusedMultiplyAdd(magnitude, Vector512.Create(4096f / 1215), toWhole);
        Vector512<float> d = Avx512F.FusedMultiplyAdd(shifted - toWhole, Vector512.Create(-1215f / 4096), magnitude);
        Vector512<int> index = shifted.AsInt32();
        Vector512<float> c0 = Lookup(
            index,
            Vector512.Create(
                0f, 0.288226366f, 0.532237411f, 0.711340666f, 0.829497516f, 0.90205729f, 0.944672048f, 0.969046891f,
                0.98277849f, 0.990447938f, 0.994710982f, 0.997074246f, 0.99838239f, 0.99910593f, 0.999505877f, 0.999726951f),
            Vector512.Create(
                0.999849141f, 0.999916613f, 0.999953926f, 0.999974549f, 0.999985933f, 0.999992251f, 0.999995708f, 0.999997616f,
                0.999998689f, 0.999999285f, 0.999999583f, 0.999999762f, 0.999999881f, 0.99999994f, 0.99999994f, 1f));
        Vector512<float> c1 = Lookup(
            index,
            Vector512.Create(
                1f, 0.916925907f, 0.716723442f, 0.493994445f, 0.311933845f, 0.186292663f, 0.107594728f, 0.0609480888f,
                0.0341464914f, 0.0190129299f, 0.0105501115f, 0.00584299117f, 0.00323261297f, 0.00178738392f, 0.000987964449f, 0.000545992982f),
            Vector512.Create(
                0.000301710068f, 0.000166712751f, 9.21159299e-05f, 5.08971425e-05f, 2.81221201e-05f, 1.55381931e-05f, 8.58522617e-06f, 4.74353692e-06f,
                2.62091203e-06f, 1.44811281e-06f, 8.00114719e-07f, 4.42081188e-07f, 2.44259695e-07f, 1.34958896e-07f, 7.45677866e-08f, 0f));
        Vector512<float> c2 = Lookup(
            index,
            Vector512.Create(
                7.29164356e-07f, -0.264266759f, -0.381459862f, -0.351400346f, -0.258747011f, -0.168049753f, -0.101643525f, -0.0590551831f,
                -0.0335668847f, -0.0188394617f, -0.0105026923f, -0.00583345396f, -0.00322884601f, -0.00179337617f, -0.000981146703f, -0.000540593872f),
            Vector512.Create(
                -0.000304110436f, -0.000157319533f, -8.67832496e-05f, -5.01020877e-05f, -2.62014182e-05f, -2.26544635e-05f, -8.96229267e-06f, -4.38556725e-07f,
                -2.32775642e-06f, -4.49993877e-06f, 5.15557394e-06f, 5.58395459e-06f, -1.25699944e-06f, -2.86564864e-06f, 7.66544144e-06f, 0f));
        Vector512<float> c3 = Lookup(
            index,
            Vector512.Create(
                -0.333377272f, -0.229538113f, -0.0359045267f, 0.0852982774f, 0.110655703f, 0.0894887671f, 0.0601536259f, 0.0369177125f,
                0.021597689f, 0.0123134013f, 0.0069219321f, 0.00386108784f, 0.00214459421f, 0.00118835981f, 0.000657667697f, 0.000363695959f),
            Vector512.Create(
                0.000201048519f, 0.00011111686f, 6.14028322e-05f, 3.39289545e-05f, 1.8747367e-05f, 1.03583543e-05f, 5.72334784e-06f, 3.16232536e-06f,
                1.74725994e-06f, 9.65402251e-07f, 5.3341148e-07f, 2.94723776e-07f, 1.62837495e-07f, 8.99723389e-08f, 4.9712277e-08f, 0f));
        Vector512<float> c4 = Lookup(
            index,
            Vector512.Create(
                0.000785423617f, 0.152024969f, 0.145285174f, 0.0568523854f, -0.00521847f, -0.0244125072f, -0.0228293519f, -0.0163760446f,
                -0.00968701113f, -0.00557564152f, -0.00302906521f, -0.00158218702f, -0.00100432721f, -0.000261443958f, -0.000606240588f, -0.000412024936f),
            Vector512.Create(
                6.32681258e-06f, -0.000466334226f, -0.00026406793f, -5.17635453e-05f, -9.34729396e-05f, 0.000306366914f, 1.36398985e-05f, -0.000190060629f,
                -1.37106035e-05f, 0.000133127251f, -0.000261012145f, -0.000263972324f, 4.4256878e-05f, 0.0001195066f, -0.000338888553f, 0f));
        Vector512<float> c5 = Lookup(
            index,
            Vector512.Create(
                0.128642544f, 0.0549563132f, -0.0482144766f, -0.0573570654f, -0.0255801361f, -0.00343569065f, 0.003960812f, 0.00461188192f,
                0.00345507567f, 0.00219937647f, 0.00130637502f, 0.000750853098f, 0.000422638812f, 0.000237093511f, 0.000130746543f, 7.25857753e-05f),
            Vector512.Create(
                4.02798469e-05f, 2.21272749e-05f, 1.22693118e-05f, 6.79525874e-06f, 3.75407126e-06f, 2.08840379e-06f, 1.14942486e-06f, 6.33377738e-07f,
                3.50502603e-07f, 1.93868573e-07f, 1.0663355e-07f, 5.89222822e-08f, 3.27229799e-08f, 1.80607174e-08f, 9.92471527e-09f, 0f));
        Vector512<float> p = Avx512F.FusedMultiplyAdd(c5, d, c4);
        p = Avx512F.FusedMultiplyAdd(p, d, c3);
        p = Avx512F.FusedMultiplyAdd(p, d, c2);
        p = Avx512F.FusedMultiplyAdd(p, d, c1);
        p = Avx512F.FusedMultiplyAdd(p, d, c0);
        return Unsafe.BitCast<Vector512<float>, TVector>(p | (value & Vector512.Create(-0f)));
    }

    // eˣ for x in [−105, 89]; NaN for NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ExpWithin(Vector512<float> x)
    {
        Vector512<float> toSixteenths = Vector512.Create(786_432f);
        Vector512<float> shifted = Avx512F.FusedMultiplyAdd(x, Vector512.Create(1.44269504f), toSixteenths);
        Vector512<float> n = shifted - toSixteenths;
        Vector512<float> power = Avx512F.PermuteVar16x32(
            Vector512.Create(
                1f, 1.04427373f, 1.09050775f, 1.13878858f, 1.18920708f, 1.24185777f, 1.29683959f, 1.35425556f,
                1.41421354f, 1.47682619f, 1.54221082f, 1.61049032f, 1.68179286f, 1.75625217f, 1.8340081f, 1.91520655f),
            shifted.AsInt32());
        Vector512<float> powerError = Avx512F.PermuteVar16x32(
            Vector512.Create(
                0f, 4.62854715e-08f, -1.19921575e-08f, 4.72978243e-08f, 3.19341815e-08f, 3.62105723e-08f, -3.09907193e-08f, -7.47521334e-09f,
                1.71142709e-08f, -3.04768335e-08f, 5.23333421e-09f, 6.10759177e-09f, -1.47196051e-08f, -5.25879518e-09f, -6.12825968e-09f, 5.14060927e-09f),
            shifted.AsInt32());
        Vector512<float> r = Avx512F.FusedMultiplyAdd(
            n, Vector512.Create(2.12194440e-4f), Avx512F.FusedMultiplyAdd(n, Vector512.Create(-0.693359375f), x));
        // eʳ − 1 = r + r²(c + d r), relative to eʳ 1.6e-9.
        Vector512<float> tail = Avx512F.FusedMultiplyAdd(r, Vector512.Create(0.166670084f), Vector512.Create(0.500016212f));
        Vector512<float> minusOne = Avx512F.FusedMultiplyAdd(r * r, tail, r + powerError);
        return Avx512F.Scale(Avx512F.FusedMultiplyAdd(power, minusOne, power), n);
    }

    // The lowest five bits of a lane of the index say which of 32 numbers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Lookup(Vector512<int> index, Vector512<float> low, Vector512<float> high)
        => Avx512F.PermuteVar16x32x2(low, index, high);
}

using System.Globalization;

namespace FlatFuse.Testing;

/// <summary>Comparisons of float results with double references, in units that carry a reason.</summary>
public static class Tolerance
{
    /// <summary>The distance from a float to the next one at 1.0: 2⁻²³.</summary>
    public const double Epsilon = 1.1920928955078125e-7;

    /// <summary>
    /// |got − want| in units in the last place of <paramref name="want"/> as a float (at least those of the smallest subnormal).
    /// 0 for equal infinities and for two NaNs; infinite when only one is finite.
    /// </summary>
    /// <param name="got">The float computed.</param>
    /// <param name="want">The reference in double.</param>
    public static double Ulps(float got, double want)
    {
        if (double.IsNaN(want))
            return float.IsNaN(got) ? 0 : double.PositiveInfinity;
        float rounded = (float)want;
        if (float.IsInfinity(rounded) || !float.IsFinite(got))
            return got == rounded ? 0 : double.PositiveInfinity;
        float magnitude = MathF.Abs(rounded);
        double ulp = (double)MathF.BitIncrement(magnitude) - magnitude;
        if (double.IsInfinity(ulp))
            ulp = (double)magnitude - MathF.BitDecrement(magnitude);
        return Math.Abs(got - want) / ulp;
    }

    /// <summary>
    /// The bound for a sum of <paramref name="terms"/> rounded products: terms · 2⁻²³ · <paramref name="magnitude"/>, where the magnitude
    /// is the sum of the terms' absolute values. Holds for any order of the additions.
    /// </summary>
    /// <param name="terms">Terms that were added.</param>
    /// <param name="magnitude">The sum of the absolute values of the terms.</param>
    public static double OfSum(int terms, double magnitude) => Math.Max(terms, 1) * Epsilon * magnitude;

    /// <summary>
    /// Null when |got − want| ≤ <paramref name="absolute"/> + <paramref name="relative"/> · |want| everywhere, else a sentence about
    /// the first place where it is not.
    /// </summary>
    /// <param name="want">The reference.</param>
    /// <param name="got">The result.</param>
    /// <param name="relative">Relative tolerance.</param>
    /// <param name="absolute">Absolute tolerance.</param>
    public static string? FirstDifference(ReadOnlySpan<double> want, ReadOnlySpan<float> got, double relative, double absolute = 0)
    {
        if (want.Length != got.Length)
            return string.Create(CultureInfo.InvariantCulture, $"lengths differ: expected {want.Length}, got {got.Length}");
        for (int i = 0; i < want.Length; i++)
        {
            bool same = double.IsNaN(want[i]) ? float.IsNaN(got[i])
                : double.IsInfinity(want[i]) ? got[i] == want[i]
                : Math.Abs(got[i] - want[i]) <= absolute + (relative * Math.Abs(want[i]));
            if (!same)
                return string.Create(CultureInfo.InvariantCulture, $"element {i}: expected {want[i]:R}, got {got[i]:R}");
        }
        return null;
    }

    /// <summary>Null when both hold the same bits, else a sentence about the first place where they differ.</summary>
    /// <param name="want">The reference.</param>
    /// <param name="got">The result.</param>
    public static string? FirstBitDifference(ReadOnlySpan<float> want, ReadOnlySpan<float> got)
    {
        if (want.Length != got.Length)
            return string.Create(CultureInfo.InvariantCulture, $"lengths differ: expected {want.Length}, got {got.Length}");
        for (int i = 0; i < want.Length; i++)
        {
            if (BitConverter.SingleToUInt32Bits(want[i]) != BitConverter.SingleToUInt32Bits(got[i]))
                return string.Create(CultureInfo.InvariantCulture, $"element {i}: expected {want[i]:R}, got {got[i]:R}");
        }
        return null;
    }
}

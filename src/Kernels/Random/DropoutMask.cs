using System.Globalization;

namespace FlatFuse.Kernels;

/// <summary>Drops elements at random and scales the others so that the expectation stays.</summary>
/// <remarks>
/// Element i is dropped when number i of <see cref="Philox.Uniform"/> lies below the rate: the mask is a function of key, rate and position, on
/// every instruction set and for any number of threads. The gradient is dx = dy · mask (<see cref="Elementwise.Multiply"/>).
/// Source: Srivastava et al., Dropout, 2014, in the inverted form.
/// </remarks>
public static unsafe class DropoutMask
{
    /// <summary>mask[i] = 0 with probability <paramref name="rate"/>, else 1 / (1 − rate); y = x · mask, exactly 0 where dropped.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="key">The stream; one for each layer, call and step.</param>
    /// <param name="rate">The share that is dropped, from 0 to 1.</param>
    /// <param name="x">Inputs.</param>
    /// <param name="y">Outputs; may be <paramref name="x"/> itself.</param>
    /// <param name="mask">The factors, for the gradient.</param>
    /// <exception cref="ArgumentException">The lengths differ or the spans overlap shifted.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is not in [0, 1].</exception>
    public static void Forward(Workers workers, ulong key, double rate, ReadOnlySpan<float> x, Span<float> y, Span<float> mask)
    {
        const string Name = "DropoutMask.Forward";
        ArgumentNullException.ThrowIfNull(workers);
        CheckRate(rate);
        Check.Length(Name, "y", y.Length, x.Length);
        Check.Length(Name, "mask", mask.Length, x.Length);
        Check.SameOrDisjoint(Name, "x", x, y);
        fixed (float* px = x, py = y, pm = mask)
            workers.Kernels.Dropout(workers, key, (float)rate, ScaleOf(rate), px, py, pm, x.Length);
    }

    /// <summary>The mask alone, for masks that are broadcast over an axis.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="key">The stream.</param>
    /// <param name="rate">The share that is dropped, from 0 to 1.</param>
    /// <param name="mask">The factors 0 or 1 / (1 − rate).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is not in [0, 1].</exception>
    public static void Fill(Workers workers, ulong key, double rate, Span<float> mask)
    {
        ArgumentNullException.ThrowIfNull(workers);
        CheckRate(rate);
        fixed (float* pm = mask)
            workers.Kernels.Dropout(workers, key, (float)rate, ScaleOf(rate), null, null, pm, mask.Length);
    }

    /// <summary>0 with probability <paramref name="rate"/>, else 1: the places that <see cref="Fill"/> keeps, not scaled.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="key">The stream.</param>
    /// <param name="rate">The share of zeros, from 0 to 1.</param>
    /// <param name="mask">The zeros and ones.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is not in [0, 1].</exception>
    public static void FillUnscaled(Workers workers, ulong key, double rate, Span<float> mask)
    {
        ArgumentNullException.ThrowIfNull(workers);
        CheckRate(rate);
        fixed (float* pm = mask)
            workers.Kernels.Dropout(workers, key, (float)rate, 1f, null, null, pm, mask.Length);
    }

    // Numbers stop below 1, so a rate of 1 drops all; its scale is never used but must not be infinite.
    private static float ScaleOf(double rate) => rate < 1 ? (float)(1 / (1 - rate)) : 0f;

    private static void CheckRate(double rate)
    {
        if (!(rate >= 0 && rate <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(rate), string.Create(CultureInfo.InvariantCulture, $"Dropout: rate is {rate}; expected a share from 0 to 1, for example 0.2."));
        }
    }
}

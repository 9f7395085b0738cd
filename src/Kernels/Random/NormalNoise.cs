using System.Globalization;

namespace FlatFuse.Kernels;

/// <summary>Normally distributed noise, over vectors and threads.</summary>
/// <remarks>
/// Box and Muller (1958) in float on pairs of 24-bit numbers: values reach 5.8 standard deviations. Element i is a function of key and i for any number of
/// threads; its last bits may differ between kernel sets, which is why first values of weights come from <see cref="Philox.Normal"/> instead.
/// </remarks>
public static unsafe class NormalNoise
{
    /// <summary>y[i] = mean + deviation · zᵢ.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="key">The stream; one for each layer, call and step.</param>
    /// <param name="mean">The mean.</param>
    /// <param name="deviation">The standard deviation, finite, 0 or more.</param>
    /// <param name="y">The numbers to fill.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="deviation"/> is negative or not finite.</exception>
    public static void Fill(Workers workers, ulong key, double mean, double deviation, Span<float> y)
    {
        ArgumentNullException.ThrowIfNull(workers);
        if (!(deviation >= 0 && double.IsFinite(deviation)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(deviation), string.Create(CultureInfo.InvariantCulture, $"NormalNoise: the standard deviation is {deviation}; expected a finite number of at least 0."));
        }
        fixed (float* py = y)
            workers.Kernels.NormalNoise(workers, key, (float)mean, (float)deviation, py, y.Length);
    }
}

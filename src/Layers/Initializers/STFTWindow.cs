namespace FlatFuse.Layers;

/// <summary>
/// The weights that <see cref="STFT"/> gives the samples of a frame: by SciPy's name, or as numbers. Named windows are sums of cosines,
/// w(n) = Σᵢ (−1)ⁱ aᵢ cos(2π i n / (N − 1)), or the triangle of <c>bartlett</c>. Source: Harris (1978); SciPy, <c>scipy.signal.get_window</c>.
/// </summary>
public sealed class STFTWindow
{
    private const string Known = "boxcar, bartlett, hann, hamming, blackman, nuttall, blackmanharris or flattop";

    private readonly double[]? _values;

    private STFTWindow(string? name, double[]? values)
    {
        Name = name;
        _values = values;
    }

    /// <summary>SciPy's name; null when the window was given as numbers.</summary>
    public string? Name { get; }

    /// <summary>The numbers, one a sample of a frame; null when the window has a name.</summary>
    public IReadOnlyList<double>? Values => _values;

    /// <summary>A window by its name.</summary>
    /// <param name="name">boxcar, bartlett, hann, hamming, blackman, nuttall, blackmanharris or flattop.</param>
    /// <exception cref="ArgumentException">There is no such window here; <see cref="Of"/> takes any as numbers.</exception>
    public static STFTWindow Named(string name)
        => name is "bartlett" || Cosines(name) is not null
            ? new STFTWindow(name, null)
            : throw new ArgumentException($"STFT: window is '{name}'; expected {Known}. Give the numbers of another one: STFTWindow.Of.", nameof(name));

    /// <summary>A window of one's own.</summary>
    /// <param name="values">One a sample of a frame, finite.</param>
    public static STFTWindow Of(params ReadOnlySpan<double> values)
    {
        foreach (double value in values)
            Guard.Finite(value, nameof(STFTWindow));
        return new STFTWindow(null, values.ToArray());
    }

    /// <summary>The numbers for a frame.</summary>
    internal double[] Sample(int frameLength, bool periodic)
    {
        if (_values is not null)
        {
            return _values.Length == frameLength
                ? _values
                : throw new ArgumentException($"STFT: the window has {_values.Length} numbers and the frame {frameLength} samples; expected as many.");
        }
        var samples = new double[frameLength];
        // A window of one sample is 1. A periodic one is the start of a symmetric one that is a sample longer.
        double last = periodic ? frameLength : frameLength - 1;
        double[]? cosines = Cosines(Name!);
        for (int n = 0; n < frameLength; n++)
            samples[n] = frameLength == 1 ? 1 : cosines is null ? 1 - Math.Abs((2 * n / last) - 1) : SumOfCosines(cosines, 2 * Math.PI * n / last);
        return samples;
    }

    private static double SumOfCosines(double[] cosines, double angle)
    {
        double sum = 0;
        for (int i = 0; i < cosines.Length; i++)
            sum += ((i & 1) == 0 ? cosines[i] : -cosines[i]) * Math.Cos(i * angle);
        return sum;
    }

    private static double[]? Cosines(string name) => name switch
    {
        "boxcar" => [1],
        "hann" => [0.5, 0.5],
        "hamming" => [0.54, 0.46],
        "blackman" => [0.42, 0.5, 0.08],
        "nuttall" => [0.3635819, 0.4891775, 0.1365995, 0.0106411],
        "blackmanharris" => [0.35875, 0.48829, 0.14128, 0.01168],
        "flattop" => [0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368],
        _ => null,
    };
}

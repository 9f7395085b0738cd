using System.Text.Json.Nodes;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>The numbers by which <see cref="VarianceScaling"/> divides.</summary>
public enum FanMode
{
    /// <summary>Inputs of a unit.</summary>
    FanIn,

    /// <summary>Outputs that an input reaches.</summary>
    FanOut,

    /// <summary>The mean of both.</summary>
    FanAverage,
}

/// <summary>The distributions that <see cref="VarianceScaling"/> draws from.</summary>
public enum FanDistribution
{
    /// <summary>Uniform on [−l, l), l = √(3·variance).</summary>
    Uniform,

    /// <summary>Normal, cut at two standard deviations, widened so that the wanted variance remains.</summary>
    TruncatedNormal,

    /// <summary>Normal, uncut.</summary>
    UntruncatedNormal,
}

/// <summary>
/// Zero-mean entries of variance <c>scale / fan</c>, so that signals keep their size from layer to layer. fan_in and fan_out are the
/// last two sizes of the weight, times the receptive field for convolutions.
/// Source: Glorot and Bengio (2010), He et al. (2015); Keras 3, <c>keras.initializers.VarianceScaling</c>.
/// </summary>
/// <param name="scale">Above 0.</param>
/// <param name="mode">The fan.</param>
/// <param name="distribution">The distribution.</param>
public class VarianceScaling(double scale = 1, FanMode mode = FanMode.FanIn, FanDistribution distribution = FanDistribution.TruncatedNormal) : Initializer
{
    // The standard deviation of a standard normal cut at ±2.
    private const double CutDeviation = 0.87962566103423978;

    /// <summary>The variance times the fan.</summary>
    public double Scale { get; } = scale > 0 && double.IsFinite(scale)
        ? scale
        : throw new ArgumentOutOfRangeException(nameof(scale), $"VarianceScaling: scale is {LayerConfigReading.Text(scale)}; expected a finite number above 0.");

    /// <summary>The fan.</summary>
    public FanMode Mode { get; } = mode;

    /// <summary>The distribution.</summary>
    public FanDistribution Distribution { get; } = distribution;

    /// <inheritdoc/>
    public sealed override Tensor<float> Draw(RandomKey key, ReadOnlySpan<int> shape)
    {
        double variance = Scale / Math.Max(1, Fan(shape));
        var source = new RandomSource(key);
        return Distribution switch
        {
            FanDistribution.Uniform => source.Uniform(-Math.Sqrt(3 * variance), Math.Sqrt(3 * variance), shape),
            FanDistribution.TruncatedNormal => source.TruncatedNormal(0, Math.Sqrt(variance) / CutDeviation, shape),
            _ => source.Normal(0, Math.Sqrt(variance), shape),
        };
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(JsonObject config)
    {
        // The named descendants say all of this by their name.
        if (GetType() != typeof(VarianceScaling))
            return;
        config["scale"] = Scale;
        config["mode"] = Mode switch { FanMode.FanIn => "fan_in", FanMode.FanOut => "fan_out", _ => "fan_avg" };
        config["distribution"] = Distribution switch
        {
            FanDistribution.Uniform => "uniform",
            FanDistribution.TruncatedNormal => "truncated_normal",
            _ => "untruncated_normal",
        };
    }

    private double Fan(ReadOnlySpan<int> shape)
    {
        (double fanIn, double fanOut) = Fans(shape);
        return Mode switch { FanMode.FanIn => fanIn, FanMode.FanOut => fanOut, _ => (fanIn + fanOut) / 2 };
    }

    private static (double In, double Out) Fans(ReadOnlySpan<int> shape)
    {
        switch (shape.Length)
        {
            case 0:
                return (1, 1);
            case 1:
                return (shape[0], shape[0]);
            default:
                double field = 1;
                foreach (int size in shape[..^2])
                    field *= size;
                return (shape[^2] * field, shape[^1] * field);
        }
    }
}

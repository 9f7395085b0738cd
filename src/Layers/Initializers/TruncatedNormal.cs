using System.Text.Json.Nodes;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>Normally distributed entries within two standard deviations of the mean; those beyond are drawn again.</summary>
/// <param name="mean">Their mean.</param>
/// <param name="stddev">The standard deviation before the cut, 0 or more.</param>
public sealed class TruncatedNormal(double mean = 0, double stddev = 0.05) : Initializer
{
    /// <summary>The mean.</summary>
    public double Mean { get; } = Guard.Finite(mean, nameof(TruncatedNormal));

    /// <summary>The standard deviation before the cut.</summary>
    public double StandardDeviation { get; } = Guard.FiniteNotNegative(stddev, nameof(TruncatedNormal));

    /// <inheritdoc/>
    public override Tensor<float> Draw(RandomKey key, ReadOnlySpan<int> shape)
        => new RandomSource(key).TruncatedNormal(Mean, StandardDeviation, shape);

    /// <inheritdoc/>
    protected internal override void WriteConfig(JsonObject config)
    {
        config["mean"] = Mean;
        config["stddev"] = StandardDeviation;
    }
}

using System.Text.Json.Nodes;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>Normally distributed entries.</summary>
/// <param name="mean">Their mean.</param>
/// <param name="stddev">Their standard deviation, 0 or more.</param>
public sealed class RandomNormal(double mean = 0, double stddev = 0.05) : Initializer
{
    /// <summary>The mean.</summary>
    public double Mean { get; } = Guard.Finite(mean, nameof(RandomNormal));

    /// <summary>The standard deviation.</summary>
    public double StandardDeviation { get; } = Guard.FiniteNotNegative(stddev, nameof(RandomNormal));

    /// <inheritdoc/>
    public override Tensor<float> Draw(RandomKey key, ReadOnlySpan<int> shape)
        => new RandomSource(key).Normal(Mean, StandardDeviation, shape);

    /// <inheritdoc/>
    protected internal override void WriteConfig(JsonObject config)
    {
        config["mean"] = Mean;
        config["stddev"] = StandardDeviation;
    }
}

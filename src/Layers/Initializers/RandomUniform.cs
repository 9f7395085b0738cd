using System.Text.Json.Nodes;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>Entries spread evenly over an interval: the default of Embedding.</summary>
/// <param name="minval">The smallest.</param>
/// <param name="maxval">Above the largest.</param>
public sealed class RandomUniform(double minval = -0.05, double maxval = 0.05) : Initializer
{
    /// <summary>The smallest.</summary>
    public double Low { get; } = Guard.Finite(minval, nameof(RandomUniform));

    /// <summary>Above the largest.</summary>
    public double High { get; } = maxval >= minval
        ? Guard.Finite(maxval, nameof(RandomUniform))
        : throw new ArgumentException($"RandomUniform: minval {LayerConfigReading.Text(minval)} is above maxval {LayerConfigReading.Text(maxval)}.", nameof(maxval));

    /// <inheritdoc/>
    public override Tensor<float> Draw(RandomKey key, ReadOnlySpan<int> shape)
        => new RandomSource(key).Uniform(Low, High, shape);

    /// <inheritdoc/>
    protected internal override void WriteConfig(JsonObject config)
    {
        config["minval"] = Low;
        config["maxval"] = High;
    }
}

using System.Text.Json.Nodes;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>The identity matrix times a gain: entry (i, i) is the gain, all others are 0. Rank 2 only.</summary>
/// <param name="gain">The value on the diagonal.</param>
public sealed class Identity(double gain = 1) : Initializer
{
    /// <summary>The value on the diagonal.</summary>
    public double Gain { get; } = Guard.Finite(gain, nameof(Identity));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The weight is no matrix.</exception>
    public override Tensor<float> Draw(RandomKey key, ReadOnlySpan<int> shape)
    {
        if (shape.Length != 2)
            throw new ArgumentException($"Identity: a weight of shape {Shapes.Format(shape)} is no matrix; expected rank 2.", nameof(shape));
        Tensor<float> result = Tensor.Zeros<float>(shape);
        for (int i = 0; i < Math.Min(shape[0], shape[1]); i++)
            result[i, i] = (float)Gain;
        return result;
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(JsonObject config) => config["gain"] = Gain;
}

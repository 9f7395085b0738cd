using System.Text.Json.Nodes;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>Every entry is one value.</summary>
public class Constant : Initializer
{
    /// <summary>Creates the initializer.</summary>
    /// <param name="value">The value of every entry.</param>
    public Constant(double value) => Value = value;

    /// <summary>The value of every entry.</summary>
    public double Value { get; }

    /// <inheritdoc/>
    public sealed override Tensor<float> Draw(RandomKey key, ReadOnlySpan<int> shape)
    {
        Tensor<float> result = Tensor.Zeros<float>(shape);
        result.AsSpan().Fill((float)Value);
        return result;
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(JsonObject config) => config["value"] = Value;
}

using System.Text.Json.Nodes;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>Draws the first value of a weight. Immutable: the same key and shape give the same numbers.</summary>
public abstract class Initializer
{
    /// <summary>The Keras class name, as architecture files spell it.</summary>
    public virtual string ClassName => GetType().Name;

    /// <summary>Draws a value.</summary>
    /// <param name="key">The weight's own random stream.</param>
    /// <param name="shape">The weight's shape.</param>
    public abstract Tensor<float> Draw(RandomKey key, ReadOnlySpan<int> shape);

    /// <summary>Writes what the constructor needs to make this initializer again, in Keras's words.</summary>
    /// <param name="config">Receives the entries.</param>
    protected internal virtual void WriteConfig(JsonObject config)
    {
    }
}

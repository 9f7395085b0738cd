using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>Draws the first value of a weight. Immutable: the same key and shape give the same numbers.</summary>
public abstract class Initializer
{
    /// <summary>Draws a value.</summary>
    /// <param name="key">The weight's own random stream.</param>
    /// <param name="shape">The weight's shape.</param>
    public abstract Tensor<float> Draw(RandomKey key, ReadOnlySpan<int> shape);
}

using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// The difference of two inputs: <c>y = a − b</c>. At least two inputs, of equal or broadcastable shapes; masks join with a logical or.
/// Gradient: dy and −dy. Source: Keras 3, <c>keras.layers.Subtract</c>.
/// </summary>
public sealed class Subtract : Merge
{
    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Subtract FromConfig(LayerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new Subtract();
    }

    /// <inheritdoc/>
    private protected override void CheckCount(IReadOnlyList<SymbolicShape> inputShapes)
    {
        if (inputShapes.Count != 2)
            throw ShapeError($"a difference has exactly 2 inputs; got {inputShapes.Count}.");
    }

    /// <inheritdoc/>
    private protected override Variable Combine(Variable left, Variable right) => left - right;
}

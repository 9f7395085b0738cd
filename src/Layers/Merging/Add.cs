using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// The sum of its inputs: <c>y = a + b + …</c>. At least two inputs, of equal or broadcastable shapes; masks join with a logical or.
/// Gradient: dy for each, summed over the axes it was repeated along. Source: Keras 3, <c>keras.layers.Add</c>.
/// </summary>
public sealed class Add : Merge
{
    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Add FromConfig(LayerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new Add();
    }

    /// <inheritdoc/>
    private protected override Variable Combine(Variable left, Variable right) => left + right;
}

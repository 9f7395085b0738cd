using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// The smallest of its inputs, entry by entry. At least two inputs, of equal or broadcastable shapes; masks join with a logical
/// or, and where one input is padding the other's entry counts. Gradient: dy to the smallest entry.
/// Source: Keras 3, <c>keras.layers.Minimum</c>.
/// </summary>
public sealed class Minimum : Merge
{
    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Minimum FromConfig(LayerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new Minimum();
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context) => CallUnderMasks(inputs);

    /// <inheritdoc/>
    private protected override Variable Combine(Variable left, Variable right) => VariableOps.Minimum(left, right);
}

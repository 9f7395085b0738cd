using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// The mean of its inputs: <c>y = (a + b + …)/n</c>. At least two inputs, of equal or broadcastable shapes; masks join with a logical or.
/// Gradient: dy/n for each, summed over the axes it was repeated along. Source: Keras 3, <c>keras.layers.Average</c>.
/// </summary>
public sealed class Average : Merge
{
    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Average FromConfig(LayerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new Average();
    }

    /// <inheritdoc/>
    private protected override Variable Finish(Variable combined, int count) => combined * (1f / count);

    /// <inheritdoc/>
    private protected override Variable Combine(Variable left, Variable right) => left + right;
}

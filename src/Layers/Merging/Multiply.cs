using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// The product of its inputs: <c>y = a · b · …</c>. At least two inputs, of equal or broadcastable shapes; masks join with a logical
/// or, a padded entry counts as 1, and steps that are padding in every input are 0. Gradient: dy times the product of the
/// others. Source: Keras 3, <c>keras.layers.Multiply</c>.
/// </summary>
public sealed class Multiply : Merge
{
    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Multiply FromConfig(LayerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new Multiply();
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        int rank = LargestRank(inputs);
        Variable? result = null;
        foreach (LayerValue input in inputs)
        {
            Variable x = input.Variable;
            if (input.Mask is { } mask)
                x = VariableOps.Where(Masking.Widen(mask, x.Rank), x, Filled.With(1f, context));
            x = Align(x, rank);
            result = result is null ? x : Combine(result, x);
        }
        Variable? joined = OrMask(inputs);
        return new LayerValue(joined is null ? result! : VariableOps.Where(Masking.Widen(joined, rank), result!, Filled.With(0f, context)), joined);
    }

    /// <inheritdoc/>
    private protected override Variable Combine(Variable left, Variable right) => left * right;
}

using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Marks steps as padding: a step of (batch, steps, features) is masked when all its features equal <see cref="MaskValue"/>; its
/// output is zeroed, the others pass. Output: the input's shape, with the mask (batch, steps). Gradient: dy where a step is real,
/// else 0. Source: Keras 3, <c>keras.layers.Masking</c>.
/// </summary>
public sealed class Masking : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="maskValue">What every feature of a padded step equals.</param>
    public Masking(double maskValue = 0) => MaskValue = Guard.Finite(maskValue, nameof(Masking));

    /// <summary>What every feature of a padded step equals.</summary>
    public double MaskValue { get; }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Masking FromConfig(LayerConfig config) => new(config.Double("mask_value", 0));

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        return shape.Rank >= 3
            ? shape
            : throw ShapeError($"expected (batch, steps, features), at least rank 3; got {shape}. Ids are masked by Embedding with MaskZero.");
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        // x − value is exactly 0 only where x equals it: floating-point subtraction underflows gradually.
        Variable differs = VariableOps.NotZero(x - (float)MaskValue);
        Variable real = VariableOps.Max(differs, -1, keepDims: true);
        return new LayerValue(x * real, VariableOps.Reshape(real, x.Shape[..^1]));
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => config.Set("mask_value", MaskValue);

    /// <summary>1 where the mask is 0.</summary>
    internal static Variable Not(Variable mask) => 1f - mask;

    /// <summary>The mask (batch, steps) with axes of one up to <paramref name="rank"/>, so that it broadcasts over the features.</summary>
    internal static Variable Widen(Variable mask, int rank)
    {
        if (mask.Rank == rank)
            return mask;
        var shape = new int[rank];
        for (int i = 0; i < rank; i++)
            shape[i] = i < mask.Rank ? mask.Shape[i] : 1;
        return VariableOps.Reshape(mask, shape);
    }
}

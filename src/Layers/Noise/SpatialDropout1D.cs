using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// In training sets whole channels of (batch, steps, channels) to 0 with probability <c>rate</c>, the same for all steps of a sample, and multiplies
/// the others by 1/(1 − rate); does nothing otherwise. The mask passes. Gradient: the same factors. The random key is (seed, layer path, call
/// number, step). Source: Tompson et al. (2015); Keras 3, <c>keras.layers.SpatialDropout1D</c>.
/// </summary>
public sealed class SpatialDropout1D : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="rate">The share of channels to drop, at least 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is outside.</exception>
    public SpatialDropout1D(double rate) => Rate = Guard.Rate(rate, nameof(SpatialDropout1D));

    /// <summary>The share of channels to drop.</summary>
    public double Rate { get; }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static SpatialDropout1D FromConfig(LayerConfig config) => new(config.Double("rate", 0.5));

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        return shape.Rank == 3
            ? shape
            : throw ShapeError($"expected rank 3 (batch, steps, channels); got {shape}, rank {shape.Rank}. Use Dropout for values without steps.");
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        return context.Training && Rate > 0
            ? inputs[0].With(VariableOps.Dropout(x, Rate, context.DrawKey(), x.Shape[0], 1, x.Shape[2]))
            : inputs[0];
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => config.Set("rate", Rate);
}

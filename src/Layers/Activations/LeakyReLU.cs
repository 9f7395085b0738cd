using FlatFuse.Autograd;
using FlatFuse.Kernels;

namespace FlatFuse.Layers;

/// <summary>
/// <c>y = x</c> for x ≥ 0, else <c>negativeSlope · x</c>. Any shape; the mask passes. Gradient: dy times 1 or the slope.
/// Source: Maas et al. (2013); Keras 3, <c>keras.layers.LeakyReLU</c>.
/// </summary>
public sealed class LeakyReLU : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="negativeSlope">The slope below 0, 0 or more.</param>
    public LeakyReLU(double negativeSlope = 0.3) => NegativeSlope = Guard.FiniteNotNegative(negativeSlope, nameof(LeakyReLU));

    /// <summary>The slope below 0.</summary>
    public double NegativeSlope { get; }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys; Keras 2 and tfjs call the slope <c>alpha</c>.</param>
    public static LeakyReLU FromConfig(LayerConfig config) => new(config.Double("negative_slope", config.Double("alpha", 0.3)));

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes) => OneInput(inputShapes);

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        Variable negative = VariableOps.Activate(-x, ActivationKind.ReLU);
        return inputs[0].With(VariableOps.Activate(x, ActivationKind.ReLU) - negative * (float)NegativeSlope);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => config.Set("negative_slope", NegativeSlope);
}

using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// In training adds normal noise: <c>y = x + N(0, stddev)</c>, each entry its own; does nothing otherwise. Any shape; the mask passes.
/// Gradient: dy. The random key is (seed, layer path, call number, step). Source: Keras 3, <c>keras.layers.GaussianNoise</c>.
/// </summary>
public sealed class GaussianNoise : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="stddev">The noise's standard deviation, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="stddev"/> is negative or not finite.</exception>
    public GaussianNoise(double stddev) => StandardDeviation = Guard.FiniteNotNegative(stddev, nameof(GaussianNoise));

    /// <summary>The noise's standard deviation.</summary>
    public double StandardDeviation { get; }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static GaussianNoise FromConfig(LayerConfig config) => new(config.Double("stddev", 0));

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes) => OneInput(inputShapes);

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        if (!context.Training || StandardDeviation == 0)
            return inputs[0];
        Variable x = inputs[0].Variable;
        return inputs[0].With(x + VariableOps.RandomNormal(context, context.DrawKey(), 0, StandardDeviation, x.Shape));
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => config.Set("stddev", StandardDeviation);
}

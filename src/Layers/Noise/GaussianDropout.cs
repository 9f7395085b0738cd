using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// In training multiplies each entry by a normal number of mean 1 and standard deviation <c>√(rate / (1 − rate))</c>, the noise that dropout of that
/// rate has; does nothing otherwise. Any shape; the mask passes. Gradient: the same factors. The random key is (seed, layer path, call number,
/// step). Source: Srivastava et al., JMLR 15 (2014), section 10; Keras 3, <c>keras.layers.GaussianDropout</c>.
/// </summary>
public sealed class GaussianDropout : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="rate">The rate of the dropout it stands for, at least 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is outside.</exception>
    public GaussianDropout(double rate) => Rate = Guard.Rate(rate, nameof(GaussianDropout));

    /// <summary>The rate of the dropout it stands for.</summary>
    public double Rate { get; }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static GaussianDropout FromConfig(LayerConfig config) => new(config.Double("rate", 0.5));

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes) => OneInput(inputShapes);

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        if (!context.Training || Rate == 0)
            return inputs[0];
        Variable x = inputs[0].Variable;
        return inputs[0].With(x * VariableOps.RandomNormal(context, context.DrawKey(), 1, Math.Sqrt(Rate / (1 - Rate)), x.Shape));
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => config.Set("rate", Rate);
}

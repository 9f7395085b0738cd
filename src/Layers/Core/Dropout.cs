using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// In training sets each entry to 0 with probability <c>rate</c> and multiplies the others by 1/(1 − rate), so that the expectation
/// stays; does nothing otherwise. Any shape; the mask passes. Gradient: the same factors. The random key is (seed, layer path,
/// call number, step). Source: Srivastava et al., JMLR 15 (2014); Keras 3, <c>keras.layers.Dropout</c>.
/// </summary>
public sealed class Dropout : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="rate">The share of entries to drop, from 0 to 1; 1 drops everything.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is outside.</exception>
    public Dropout(double rate) => Rate = Guard.Share(rate, nameof(Dropout));

    /// <summary>The share of entries to drop.</summary>
    public double Rate { get; }

    /// <summary>The shape of the draws, (batch, …), null where an axis has a draw an entry: a size of 1 drops or keeps along a whole axis together. A draw an entry when null.</summary>
    public IReadOnlyList<int?>? NoiseShape { get; init; }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Dropout FromConfig(LayerConfig config)
        => new(config.Double("rate", 0.5)) { NoiseShape = NoiseShapes.Read(config) };

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        return NoiseShapes.Fits(NoiseShape, shape) ? shape : throw ShapeError(NoiseShapes.Problem(NoiseShape!, shape));
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        return context.Training && Rate > 0
            ? inputs[0].With(VariableOps.Dropout(x, Rate, context.DrawKey(), NoiseShapes.Draws(NoiseShape, x.Shape)))
            : inputs[0];
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("rate", Rate);
        NoiseShapes.Write(NoiseShape, config);
    }
}

using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Dropout for SELU networks: in training an entry becomes α' = −α·λ (SELU's limit far below 0) with probability <c>rate</c>, and the result is scaled and shifted
/// so that mean 0 and variance 1 stay: <c>y = a · (x or α') + b</c>, <c>a = ((1 − rate)(1 + rate·α'²))^−½</c>, <c>b = −a·α'·rate</c>. Does nothing otherwise.
/// Any shape; the mask passes. Gradient: a·dy where kept, else 0. The random key is (seed, layer path, call number, step).
/// Source: Klambauer et al. (2017); Keras 3, <c>keras.layers.AlphaDropout</c>.
/// </summary>
public sealed class AlphaDropout : Layer
{
    // −α·λ of SELU.
    private const double Dropped = -1.6732632423543772 * 1.0507009873554805;

    /// <summary>Creates the layer.</summary>
    /// <param name="rate">The share of entries to drop, at least 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is outside.</exception>
    public AlphaDropout(double rate) => Rate = Guard.Rate(rate, nameof(AlphaDropout));

    /// <summary>The share of entries to drop.</summary>
    public double Rate { get; }

    /// <summary>The shape of the draws, (batch, …), null where an axis has a draw an entry: a size of 1 drops or keeps along a whole axis together. A draw an entry when null.</summary>
    public IReadOnlyList<int?>? NoiseShape { get; init; }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static AlphaDropout FromConfig(LayerConfig config) => new(config.Double("rate", 0.5)) { NoiseShape = NoiseShapes.Read(config) };

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        return NoiseShapes.Fits(NoiseShape, shape) ? shape : throw ShapeError(NoiseShapes.Problem(NoiseShape!, shape));
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        if (!context.Training || Rate == 0)
            return inputs[0];
        Variable x = inputs[0].Variable;
        double a = 1 / Math.Sqrt((1 - Rate) * (1 + (Rate * Dropped * Dropped))), b = -a * Dropped * Rate;
        Variable kept = VariableOps.RandomMask(context, context.DrawKey(), Rate, NoiseShapes.Draws(NoiseShape, x.Shape));
        // a·(x·kept + α'·(1 − kept)) + b, with the constants gathered: kept entries get a·x + b, dropped ones a·α' + b.
        Variable constants = VariableOps.Affine(kept, (float)(-a * Dropped), (float)((a * Dropped) + b));
        return inputs[0].With((x * kept * (float)a) + constants);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("rate", Rate);
        NoiseShapes.Write(NoiseShape, config);
    }
}

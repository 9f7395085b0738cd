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
    /// <param name="rate">The share of entries to drop, at least 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is outside.</exception>
    public Dropout(double rate) => Rate = Guard.Rate(rate, nameof(Dropout));

    /// <summary>The share of entries to drop.</summary>
    public double Rate { get; }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Dropout FromConfig(LayerConfig config)
        => config.Json["noise_shape"] is null
            ? new Dropout(config.Double("rate", 0.5))
            : throw new NotSupportedException($"Dropout '{config.Name}': noise_shape {config.Json["noise_shape"]!.ToJsonString()} is not supported; only null is: every entry has its own chance.");

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes) => OneInput(inputShapes);

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
        => context.Training && Rate > 0
            ? inputs[0].With(VariableOps.Dropout(inputs[0].Variable, Rate, context.DrawKey()))
            : inputs[0];

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => config.Set("rate", Rate);
}

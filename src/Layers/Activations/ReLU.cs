using FlatFuse.Autograd;
using FlatFuse.Kernels;

namespace FlatFuse.Layers;

/// <summary>
/// A rectifier with options: <see cref="MaxValue"/> where <c>x ≥ max</c>, <c>x</c> where <c>threshold ≤ x</c>, else <c>negativeSlope · (x − threshold)</c>.
/// Any shape; the mask passes. Gradient: dy times 0, 1 or the slope. Source: Keras 3, <c>keras.layers.ReLU</c>.
/// </summary>
public sealed class ReLU : Layer
{
    /// <summary>Where outputs end; no end when null.</summary>
    public double? MaxValue { get; init => field = value is { } given ? Guard.FiniteNotNegative(given, nameof(ReLU), "maxValue") : null; }

    /// <summary>The slope below the threshold, 0 or more.</summary>
    public double NegativeSlope { get; init => field = Guard.FiniteNotNegative(value, nameof(ReLU), "negativeSlope"); }

    /// <summary>Where the line begins, 0 or more.</summary>
    public double Threshold { get; init => field = Guard.FiniteNotNegative(value, nameof(ReLU), "threshold"); }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static ReLU FromConfig(LayerConfig config) => new()
    {
        MaxValue = config.OptionalDouble("max_value"),
        NegativeSlope = config.Double("negative_slope", 0),
        Threshold = config.Double("threshold", 0),
    };

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes) => OneInput(inputShapes);

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        Variable y = Threshold == 0 ? VariableOps.Activate(x, ActivationKind.ReLU) : AboveThreshold(x);
        if (NegativeSlope > 0)
            y -= VariableOps.Activate((float)Threshold - x, ActivationKind.ReLU) * (float)NegativeSlope;
        if (MaxValue is { } largest)
            y = VariableOps.Clip(y, float.MinValue, (float)largest);
        return inputs[0].With(y);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("max_value", MaxValue);
        config.Set("negative_slope", NegativeSlope);
        config.Set("threshold", Threshold);
    }

    // x where threshold ≤ x, else 0: the function jumps there, so the place is a mask without gradient.
    private Variable AboveThreshold(Variable x)
    {
        Variable below = VariableOps.NotZero(VariableOps.Activate((float)Threshold - x, ActivationKind.ReLU));
        return x * Masking.Not(below);
    }
}

using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Passes its input on and adds <c>(l1 · Σ |x| + l2 · Σ x²) / batch</c> to the training loss. Any shape; the mask passes. Gradient: dy, and that of the penalty.
/// Source: Keras 3, <c>keras.layers.ActivityRegularization</c>.
/// </summary>
public sealed class ActivityRegularization : Layer
{
    private readonly L1L2 _penalty;

    /// <summary>Creates the layer.</summary>
    /// <param name="l1">The factor of the absolute values, 0 or more.</param>
    /// <param name="l2">The factor of the squares, 0 or more.</param>
    public ActivityRegularization(double l1 = 0, double l2 = 0)
        => _penalty = new L1L2(Guard.FiniteNotNegative(l1, nameof(ActivityRegularization)), Guard.FiniteNotNegative(l2, nameof(ActivityRegularization)));

    /// <summary>The factor of the absolute values.</summary>
    public double L1 => _penalty.AbsoluteFactor;

    /// <summary>The factor of the squares.</summary>
    public double L2 => _penalty.SquareFactor;

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static ActivityRegularization FromConfig(LayerConfig config) => new(config.Double("l1", 0), config.Double("l2", 0));

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes) => OneInput(inputShapes);

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        if (context.CollectsLosses)
            AddActivityLosses(_penalty, [inputs[0]], context);
        return inputs[0];
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("l1", L1);
        config.Set("l2", L2);
    }
}

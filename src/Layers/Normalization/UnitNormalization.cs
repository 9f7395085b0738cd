using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Divides each sample's entries along <see cref="Axis"/> together by their Euclidean length: <c>y = x / ‖x‖</c>; zeros stay zeros.
/// Any shape, unchanged; the mask passes; no weights. Gradient: <c>dx = (dy − y · Σ dy · y) / ‖x‖</c>.
/// Source: Keras 3, <c>keras.layers.UnitNormalization</c>.
/// </summary>
public sealed class UnitNormalization : Layer
{
    private readonly int[] _axes;

    /// <summary>Creates the layer.</summary>
    /// <param name="axis">Axes to normalise over together, the batch counted as 0; the last one when none is given. Not 0.</param>
    public UnitNormalization(params ReadOnlySpan<int> axis) => _axes = axis.IsEmpty ? [-1] : axis.ToArray();

    /// <summary>Axes that are normalised together.</summary>
    public IReadOnlyList<int> Axis => _axes;

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static UnitNormalization FromConfig(LayerConfig config) => new(config.IntOrInts("axis", -1));

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        return NormalizedAxes.Of(_axes, shape.Rank) is not null ? shape : throw ShapeError(NormalizedAxes.Problem(_axes, shape));
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        int[] axes = NormalizedAxes.Of(_axes, inputs[0].Variable.Rank)!;
        return inputs[0].With(NormalizedAxes.Run(inputs[0].Variable, axes, rows => VariableOps.UnitNormalization(rows, axes.Length)));
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => config.Set("axis", _axes.Length == 1 ? _axes[0] : LayerConfigReading.ToJson(_axes));
}

using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// <c>y = eˣ / Σ eˣ</c> along an axis, the last unless given, or over several together. The mask passes. Gradient: <c>dx = y · (dy − Σ y · dy)</c>.
/// Source: Keras 3, <c>keras.layers.Softmax</c>.
/// </summary>
public sealed class Softmax : Layer
{
    private readonly int[] _axes;

    /// <summary>Creates the layer.</summary>
    /// <param name="axis">Axes over which entries together add up to 1, the batch counted as 0; the last one when none is given. Not 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is 0.</exception>
    public Softmax(params ReadOnlySpan<int> axis)
    {
        if (axis.Contains(0))
            throw new ArgumentOutOfRangeException(nameof(axis), "Softmax: axis is 0, the batch; expected an axis of the samples such as 1 or -1.");
        _axes = axis.IsEmpty ? [-1] : axis.ToArray();
    }

    /// <summary>Axes over which entries together add up to 1.</summary>
    public IReadOnlyList<int> Axis => _axes;

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Softmax FromConfig(LayerConfig config) => new(config.IntOrInts("axis", -1));

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        return NormalizedAxes.Of(_axes, shape.Rank) is not null
            ? shape
            : throw ShapeError($"{shape} has no {(_axes.Length == 1 ? $"axis {_axes[0]}" : $"axes {Tensors.Shapes.Format(_axes)}")}; expected {(_axes.Length == 1 ? "one" : "different ones")} of 1 … {shape.Rank - 1} or -{shape.Rank - 1} … -1.");
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        int[] axes = NormalizedAxes.Of(_axes, x.Rank)!;
        return inputs[0].With(NormalizedAxes.Run(x, axes, rows => axes.Length == 1 ? VariableOps.Softmax(rows) : OverTheLast(rows, axes.Length)));
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => config.Set("axis", _axes.Length == 1 ? _axes[0] : LayerConfigReading.ToJson(_axes));

    // Several last axes are one row in memory.
    private static Variable OverTheLast(Variable x, int axes)
    {
        int[] shape = x.Shape.ToArray();
        int[] rows = [.. shape[..^axes], Tensors.Shapes.Count(shape.AsSpan(shape.Length - axes))];
        return VariableOps.Reshape(VariableOps.Softmax(VariableOps.Reshape(x, rows)), shape);
    }
}

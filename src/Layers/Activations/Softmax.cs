using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// <c>y = eˣ / Σ eˣ</c> along an axis, the last unless given. The mask passes. Gradient: <c>dx = y · (dy − Σ y · dy)</c>.
/// Source: Keras 3, <c>keras.layers.Softmax</c>.
/// </summary>
public sealed class Softmax : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="axis">Along which entries add up to 1, the batch counted as 0. Not 0.</param>
    public Softmax(int axis = -1)
        => Axis = axis != 0
            ? axis
            : throw new ArgumentOutOfRangeException(nameof(axis), "Softmax: axis is 0, the batch; expected an axis of the samples such as 1 or -1.");

    /// <summary>Along which entries add up to 1.</summary>
    public int Axis { get; }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Softmax FromConfig(LayerConfig config) => new(config.OptionalInt("axis") ?? -1);

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        return Axis < shape.Rank && Axis > -shape.Rank
            ? shape
            : throw ShapeError($"{shape} has no axis {Axis}; expected 1 … {shape.Rank - 1} or -{shape.Rank - 1} … -1.");
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        int axis = Axis < 0 ? Axis + x.Rank : Axis;
        if (axis == x.Rank - 1)
            return inputs[0].With(VariableOps.Softmax(x));
        Variable last = VariableOps.Softmax(VariableOps.Transpose(x, Axes.MovedToEnd(x.Rank, axis)));
        return inputs[0].With(VariableOps.Transpose(last, Axes.MovedFromEnd(x.Rank, axis)));
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => config.Set("axis", Axis);
}

using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Lays each sample's entries in one row: (batch, a, b, …) becomes (batch, a·b·…) in row-major order; (batch) becomes (batch, 1);
/// rank 2 stays. No entry changes, no memory moves, and the gradient is <c>dx = dy</c> in the input's shape. The mask is dropped.
/// Source: Keras 3, <c>keras.layers.Flatten</c>.
/// </summary>
public sealed class Flatten : Layer
{
    /// <summary>Channels-first inputs have axis 1 moved to the end before they are laid out, so both formats give one row.</summary>
    public DataFormat DataFormat { get; init; }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Flatten FromConfig(LayerConfig config) => new() { DataFormat = config.DataFormat() };

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        if (shape.Rank < 1)
            throw ShapeError("a scalar has no batch axis to keep; expected (batch, …).");
        return new SymbolicShape(shape[0], Fits(ShapeText.SampleSize(shape), $"the entries of a sample of {shape}"));
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        if (x.Rank == 2)
            return x;
        int batch = x.Shape[0], size = Tensors.Shapes.Count(x.Shape[1..]);
        if (DataFormat == DataFormat.ChannelsFirst && x.Rank > 2)
            x = VariableOps.Transpose(x, Axes.MovedToEnd(x.Rank, axis: 1));
        return VariableOps.Reshape(x, batch, size);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => config.Set("data_format", DataFormat.Spell());
}

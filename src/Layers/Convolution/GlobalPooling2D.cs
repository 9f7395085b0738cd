using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// One number for each channel of an image: what <see cref="GlobalMaxPooling2D"/> and <see cref="GlobalAveragePooling2D"/> share.
/// Input (batch, rows, columns, channels), output (batch, channels). The mask is dropped.
/// </summary>
public abstract class GlobalPooling2D : Layer
{
    private protected GlobalPooling2D()
    {
    }

    /// <summary>Where the channels lie.</summary>
    public DataFormat DataFormat { get; init; }

    /// <summary>True to keep rows and columns as axes of one.</summary>
    public bool KeepDims { get; init; }

    private bool IsChannelsFirst => DataFormat == DataFormat.ChannelsFirst;

    /// <inheritdoc/>
    protected sealed override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        if (shape.Rank != 4)
            throw ShapeError(Format2D.RankError(shape, DataFormat));
        (int? rows, int? columns, int? channels) = Format2D.Split(shape, DataFormat);
        if (rows == 0 || columns == 0)
            throw ShapeError($"{Format2D.Named(shape, DataFormat)} has no entry to pool; expected at least one row and one column.");
        return KeepDims ? Format2D.Join(shape[0], 1, 1, channels, DataFormat) : new SymbolicShape(shape[0], channels);
    }

    /// <inheritdoc/>
    protected sealed override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        int batch = x.Shape[0], channels = x.Shape[IsChannelsFirst ? 1 : 3];
        // Rows and columns lie side by side in both formats: they are one axis.
        int entries = IsChannelsFirst ? x.Shape[2] * x.Shape[3] : x.Shape[1] * x.Shape[2];
        Variable y = IsChannelsFirst
            ? Pool(VariableOps.Reshape(x, batch, channels, entries), 2)
            : Pool(VariableOps.Reshape(x, batch, entries, channels), 1);
        if (!KeepDims)
            return y;
        return IsChannelsFirst ? VariableOps.Reshape(y, batch, channels, 1, 1) : VariableOps.Reshape(y, batch, 1, 1, channels);
    }

    /// <inheritdoc/>
    protected internal sealed override void WriteConfig(LayerConfig config)
    {
        config.Set("data_format", DataFormat.Spell());
        config.Set("keepdims", KeepDims);
    }

    private protected abstract Variable Pool(Variable x, int axis);
}

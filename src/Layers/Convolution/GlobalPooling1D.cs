namespace FlatFuse.Layers;

/// <summary>
/// One number for each channel of a sequence: what <see cref="GlobalMaxPooling1D"/> and <see cref="GlobalAveragePooling1D"/> share.
/// Input (batch, steps, channels), output (batch, channels). The mask is dropped.
/// </summary>
public abstract class GlobalPooling1D : Layer
{
    private protected GlobalPooling1D()
    {
    }

    /// <summary>Where the channels lie.</summary>
    public DataFormat DataFormat { get; init; }

    /// <summary>True to keep the steps as an axis of one.</summary>
    public bool KeepDims { get; init; }

    private protected int StepAxis => DataFormat == DataFormat.ChannelsFirst ? 2 : 1;

    /// <inheritdoc/>
    protected sealed override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        if (shape.Rank != 3)
            throw ShapeError($"expected rank 3 {Format.Names(DataFormat)}; got {shape}, rank {shape.Rank}. {Format.RankFix(shape)}");
        return KeepDims ? shape.With(StepAxis, 1) : new SymbolicShape(shape[0], shape[3 - StepAxis]);
    }

    /// <inheritdoc/>
    protected internal sealed override void WriteConfig(LayerConfig config)
    {
        config.Set("data_format", DataFormat.Spell());
        config.Set("keepdims", KeepDims);
    }
}

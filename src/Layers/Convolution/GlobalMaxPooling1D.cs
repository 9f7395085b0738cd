using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// The largest entry over all steps: <c>y[b, c] = max over t of x[b, t, c]</c>. Masks are ignored and dropped.
/// Input (batch, steps, channels), output (batch, channels). Gradient: dy goes to the largest entry.
/// Source: Keras 3, <c>keras.layers.GlobalMaxPooling1D</c>.
/// </summary>
public sealed class GlobalMaxPooling1D : Layer
{
    /// <summary>Where the channels lie.</summary>
    public DataFormat DataFormat { get; init; }

    /// <summary>True to keep the steps as an axis of one.</summary>
    public bool KeepDims { get; init; }

    private int StepAxis => DataFormat == DataFormat.ChannelsFirst ? 2 : 1;

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static GlobalMaxPooling1D FromConfig(LayerConfig config) => new()
    {
        DataFormat = config.DataFormat(),
        KeepDims = config.Bool("keepdims", false),
    };

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        if (shape.Rank != 3)
            throw ShapeError($"expected rank 3 {Format.Names(DataFormat)}; got {shape}, rank {shape.Rank}. {Format.RankFix(shape)}");
        return KeepDims ? shape.With(StepAxis, 1) : new SymbolicShape(shape[0], shape[3 - StepAxis]);
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
        => VariableOps.Max(inputs[0].Variable, StepAxis, KeepDims);

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("data_format", DataFormat.Spell());
        config.Set("keepdims", KeepDims);
    }
}

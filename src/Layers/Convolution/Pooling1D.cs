using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// One number for each window along the steps, channel by channel: what <see cref="MaxPooling1D"/> and <see cref="AveragePooling1D"/> share.
/// Input (batch, steps, channels), output (batch, new steps, channels). The mask is dropped.
/// </summary>
public abstract class Pooling1D : Layer
{
    private protected Pooling1D(int poolSize) => PoolSize = Guard.Positive(poolSize, GetType().Name);

    /// <summary>Steps in a window.</summary>
    public int PoolSize { get; }

    /// <summary>Steps from one window to the next: the pool size unless set.</summary>
    public int? Strides { get; init => field = value is { } given ? Guard.Positive(given, GetType().Name, "strides") : null; }

    /// <summary>Valid: whole windows only. Same: ⌈steps/stride⌉ windows.</summary>
    public Padding Padding { get; init => field = Guard.Padding(value, GetType().Name, causal: false); }

    /// <summary>Where the channels lie, in the input and in the output.</summary>
    public DataFormat DataFormat { get; init; }

    private int Stride => Strides ?? PoolSize;

    /// <inheritdoc/>
    protected sealed override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        if (shape.Rank != 3)
            throw ShapeError($"expected rank 3 {Format.Names(DataFormat)}; got {shape}, rank {shape.Rank}. {Format.RankFix(shape)}");
        int axis = DataFormat == DataFormat.ChannelsFirst ? 2 : 1;
        if (shape[axis] is not { } steps)
            return shape;
        if (Padding == Padding.Valid && PoolSize > steps)
            throw ShapeError($"a window of {PoolSize} steps does not fit into {Format.Named(shape, DataFormat)}. Use a smaller pool size or padding same.");
        return shape.With(axis, WindowLength.Of(steps, PoolSize, Stride, Padding));
    }

    /// <inheritdoc/>
    protected sealed override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        if (DataFormat == DataFormat.ChannelsLast)
            return Pool(x, Stride);
        return VariableOps.Transpose(Pool(VariableOps.Transpose(x, 0, 2, 1), Stride), 0, 2, 1);
    }

    /// <inheritdoc/>
    protected internal sealed override void WriteConfig(LayerConfig config)
    {
        config.Set("pool_size", LayerConfigReading.ToJson(PoolSize));
        config.Set("strides", LayerConfigReading.ToJson(Stride));
        config.Set("padding", Padding.Spell());
        config.Set("data_format", DataFormat.Spell());
    }

    private protected abstract Variable Pool(Variable x, int stride);
}

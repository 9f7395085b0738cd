using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// One number for each window over rows and columns, channel by channel: what <see cref="MaxPooling2D"/> and <see cref="AveragePooling2D"/> share.
/// Input (batch, rows, columns, channels), output (batch, new rows, new columns, channels). The mask is dropped.
/// </summary>
public abstract class Pooling2D : Layer
{
    private protected Pooling2D(Size2D poolSize) => PoolSize = Guard.Positive(poolSize, GetType().Name);

    /// <summary>Rows and columns in a window.</summary>
    public Size2D PoolSize { get; }

    /// <summary>Entries from one window to the next: the pool size unless set.</summary>
    public Size2D? Strides { get; init => field = value is { } given ? Guard.Positive(given, GetType().Name, "strides") : null; }

    /// <summary>Valid: whole windows only. Same: ⌈rows/stride⌉ by ⌈columns/stride⌉ windows.</summary>
    public Padding Padding { get; init => field = Guard.Padding(value, GetType().Name, causal: false); }

    /// <summary>Where the channels lie, in the input and in the output.</summary>
    public DataFormat DataFormat { get; init; }

    private Size2D Stride => Strides ?? PoolSize;

    /// <inheritdoc/>
    protected sealed override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        if (shape.Rank != 4)
            throw ShapeError(Format2D.RankError(shape, DataFormat));
        (int? rows, int? columns, int? channels) = Format2D.Split(shape, DataFormat);
        if (Padding == Padding.Valid && (PoolSize.Rows > rows || PoolSize.Columns > columns))
            throw ShapeError($"a window of {PoolSize} entries does not fit into {Format2D.Named(shape, DataFormat)}. Use a smaller pool size or padding same.");
        int? newRows = rows is { } h ? WindowLength.Of(h, PoolSize.Rows, Stride.Rows, Padding) : null;
        int? newColumns = columns is { } w ? WindowLength.Of(w, PoolSize.Columns, Stride.Columns, Padding) : null;
        return Format2D.Join(shape[0], newRows, newColumns, channels, DataFormat);
    }

    /// <inheritdoc/>
    protected sealed override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
        => Format2D.FromChannelsLast(Pool(Format2D.ToChannelsLast(inputs[0].Variable, DataFormat), Stride), DataFormat);

    /// <inheritdoc/>
    protected internal sealed override void WriteConfig(LayerConfig config)
    {
        config.Set("pool_size", PoolSize.ToJson());
        config.Set("strides", Stride.ToJson());
        config.Set("padding", Padding.Spell());
        config.Set("data_format", DataFormat.Spell());
    }

    private protected abstract Variable Pool(Variable x, Size2D stride);
}

using FlatFuse.Autograd;
using FlatFuse.Kernels;

namespace FlatFuse.Layers;

/// <summary>
/// The largest entry of each window along the steps: <c>y[b, t, c] = max x[b, t·stride + k, c]</c>. Input (batch, steps, channels), output
/// (batch, new steps, channels); padding same counts as −∞. The mask is dropped. Gradient: dy goes to the largest entry.
/// Source: Keras 3, <c>keras.layers.MaxPooling1D</c>.
/// </summary>
public sealed class MaxPooling1D : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="poolSize">Steps in a window, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="poolSize"/> is below 1.</exception>
    public MaxPooling1D(int poolSize = 2) => PoolSize = Guard.Positive(poolSize, nameof(MaxPooling1D));

    /// <summary>Steps in a window.</summary>
    public int PoolSize { get; }

    /// <summary>Steps from one window to the next: the pool size unless set.</summary>
    public int? Strides { get; init => field = value is { } given ? Guard.Positive(given, nameof(MaxPooling1D), "strides") : null; }

    /// <summary>Valid: whole windows only. Same: ⌈steps/stride⌉ windows.</summary>
    public ConvolutionPadding Padding
    {
        get;
        init => field = value != ConvolutionPadding.Causal
            ? value
            : throw new ArgumentException("MaxPooling1D: padding causal is not defined for pooling; expected valid or same.", nameof(value));
    }

    /// <summary>Where the channels lie, in the input and in the output.</summary>
    public DataFormat DataFormat { get; init; }

    private int Stride => Strides ?? PoolSize;

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static MaxPooling1D FromConfig(LayerConfig config) => new(config.OptionalInt("pool_size") ?? 2)
    {
        Strides = config.OptionalInt("strides"),
        Padding = config.Padding(nameof(MaxPooling1D), causal: false),
        DataFormat = config.DataFormat(),
    };

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        if (shape.Rank != 3)
            throw ShapeError($"expected rank 3 {Format.Names(DataFormat)}; got {shape}, rank {shape.Rank}. {Format.RankFix(shape)}");
        int axis = DataFormat == DataFormat.ChannelsFirst ? 2 : 1;
        if (shape[axis] is not { } steps)
            return shape;
        if (Padding == ConvolutionPadding.Valid && PoolSize > steps)
            throw ShapeError($"a window of {PoolSize} steps does not fit into {Format.Named(shape, DataFormat)}. Use a smaller pool size or padding same.");
        return shape.With(axis, WindowLength.Of(steps, PoolSize, Stride, Padding));
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        if (DataFormat == DataFormat.ChannelsLast)
            return VariableOps.MaxPooling1D(x, PoolSize, Stride, Padding);
        return VariableOps.Transpose(VariableOps.MaxPooling1D(VariableOps.Transpose(x, 0, 2, 1), PoolSize, Stride, Padding), 0, 2, 1);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("pool_size", LayerConfigReading.ToJson(PoolSize));
        config.Set("strides", LayerConfigReading.ToJson(Stride));
        config.Set("padding", Padding.Spell());
        config.Set("data_format", DataFormat.Spell());
    }
}

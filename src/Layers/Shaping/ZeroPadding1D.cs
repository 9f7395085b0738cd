using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Adds steps of zeros at both ends: (batch, steps, channels) becomes (batch, before + steps + after, channels); with
/// <see cref="DataFormat.ChannelsFirst"/> steps are the last axis. The mask is dropped. Gradient: the middle of dy. Source: Keras 3, <c>keras.layers.ZeroPadding1D</c>.
/// </summary>
public sealed class ZeroPadding1D : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="before">Steps to add at the beginning, 0 or more.</param>
    /// <param name="after">Steps to add at the end, 0 or more.</param>
    public ZeroPadding1D(int before = 1, int after = 1)
    {
        Before = Guard.NotNegative(before, nameof(ZeroPadding1D));
        After = Guard.NotNegative(after, nameof(ZeroPadding1D));
    }

    /// <summary>Steps to add at the beginning.</summary>
    public int Before { get; }

    /// <summary>Steps to add at the end.</summary>
    public int After { get; }

    /// <summary>Where the steps lie: axis 1 unless set to <see cref="DataFormat.ChannelsFirst"/>, then axis 2.</summary>
    public DataFormat DataFormat { get; init; }

    private int StepsAxis => DataFormat == DataFormat.ChannelsFirst ? 2 : 1;

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static ZeroPadding1D FromConfig(LayerConfig config)
    {
        (int before, int after) = config.Pair("padding", missing: 1);
        return new ZeroPadding1D(before, after) { DataFormat = config.DataFormat() };
    }

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        if (shape.Rank != 3)
            throw ShapeError($"expected rank 3 {Format.Names(DataFormat)}; got {shape}, rank {shape.Rank}. {Format.RankFix(shape)}");
        return shape.With(StepsAxis, Fits((long?)shape[StepsAxis] + Before + After, "the steps of the output"));
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        var parts = new List<Variable>(3);
        if (Before > 0)
            parts.Add(Zeros(x, Before, context));
        parts.Add(x);
        if (After > 0)
            parts.Add(Zeros(x, After, context));
        return parts.Count == 1 ? x : VariableOps.Concatenate(parts, StepsAxis);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("padding", LayerConfigReading.ToJson(Before, After));
        config.Set("data_format", DataFormat.Spell());
    }

    private Variable Zeros(Variable x, int steps, CallContext context)
        => DataFormat == DataFormat.ChannelsFirst
            ? Filled.With(0f, context, x.Shape[0], x.Shape[1], steps)
            : Filled.With(0f, context, x.Shape[0], steps, x.Shape[2]);
}

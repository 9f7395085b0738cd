using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Repeats every step: (batch, steps, channels) becomes (batch, size · steps, channels). The mask is dropped. Gradient: the sum of
/// dy over the repetitions. Source: Keras 3, <c>keras.layers.UpSampling1D</c>.
/// </summary>
public sealed class UpSampling1D : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="size">How often each step stands, at least 1.</param>
    public UpSampling1D(int size = 2) => Size = Guard.Positive(size, nameof(UpSampling1D));

    /// <summary>How often each step stands.</summary>
    public int Size { get; }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static UpSampling1D FromConfig(LayerConfig config) => new(config.OptionalInt("size") ?? 2);

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        if (shape.Rank != 3)
            throw ShapeError($"expected rank 3 (batch, steps, channels); got {shape}, rank {shape.Rank}. {Format.RankFix(shape)}");
        return shape.With(1, Fits((long?)shape[1] * Size, "the steps of the output"));
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        int batch = x.Shape[0], steps = x.Shape[1], channels = x.Shape[2];
        Variable repeated = VariableOps.BroadcastTo(VariableOps.Reshape(x, batch, steps, 1, channels), batch, steps, Size, channels);
        return VariableOps.Reshape(repeated, batch, steps * Size, channels);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => config.Set("size", Size);
}

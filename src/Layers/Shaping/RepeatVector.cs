using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Repeats a vector as steps: (batch, features) becomes (batch, n, features). Gradient: the sum of dy over the steps.
/// Source: Keras 3, <c>keras.layers.RepeatVector</c>.
/// </summary>
public sealed class RepeatVector : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="n">How many steps, at least 1.</param>
    public RepeatVector(int n) => Times = Guard.Positive(n, nameof(RepeatVector));

    /// <summary>How many steps.</summary>
    public int Times { get; }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static RepeatVector FromConfig(LayerConfig config) => new(config.Int("n"));

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        return shape.Rank == 2
            ? new SymbolicShape(shape[0], Times, shape[1])
            : throw ShapeError($"expected rank 2 (batch, features); got {shape}, rank {shape.Rank}. Add Flatten() in front.");
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        int batch = x.Shape[0], features = x.Shape[1];
        return VariableOps.BroadcastTo(VariableOps.Reshape(x, batch, 1, features), batch, Times, features);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => config.Set("n", Times);
}

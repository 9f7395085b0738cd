using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Cuts steps off both ends: (batch, steps, channels) becomes (batch, steps − before − after, channels). The mask is dropped.
/// Gradient: dy where a step stayed, else 0. Source: Keras 3, <c>keras.layers.Cropping1D</c>.
/// </summary>
public sealed class Cropping1D : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="before">Steps to cut at the beginning, 0 or more.</param>
    /// <param name="after">Steps to cut at the end, 0 or more.</param>
    public Cropping1D(int before = 1, int after = 1)
    {
        Before = Guard.NotNegative(before, nameof(Cropping1D));
        After = Guard.NotNegative(after, nameof(Cropping1D));
    }

    /// <summary>Steps to cut at the beginning.</summary>
    public int Before { get; }

    /// <summary>Steps to cut at the end.</summary>
    public int After { get; }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Cropping1D FromConfig(LayerConfig config)
    {
        (int before, int after) = config.Pair("cropping", missing: 1);
        return new Cropping1D(before, after);
    }

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        if (shape.Rank != 3)
            throw ShapeError($"expected rank 3 (batch, steps, channels); got {shape}, rank {shape.Rank}. {Format.RankFix(shape)}");
        return shape[1] <= (long)Before + After
            ? throw ShapeError($"cutting {Before} and {After} steps leaves nothing of {ShapeText.Named(shape, "batch", "steps", "channels")}.")
            : shape.With(1, shape[1] - Before - After);
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        return VariableOps.Slice(x, 1, Before, x.Shape[1] - Before - After);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config) => config.Set("cropping", LayerConfigReading.ToJson(Before, After));
}

using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// <c>y = x · scale + offset</c>. Any shape; the mask passes. Gradient: <c>dx = scale · dy</c>.
/// Source: Keras 3, <c>keras.layers.Rescaling</c>.
/// </summary>
public sealed class Rescaling : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="scale">The factor.</param>
    /// <param name="offset">Added afterwards.</param>
    public Rescaling(double scale, double offset = 0)
    {
        Scale = Guard.Finite(scale, nameof(Rescaling));
        Offset = Guard.Finite(offset, nameof(Rescaling));
    }

    /// <summary>The factor.</summary>
    public double Scale { get; }

    /// <summary>Added afterwards.</summary>
    public double Offset { get; }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Rescaling FromConfig(LayerConfig config) => new(config.Double("scale", 1), config.Double("offset", 0));

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes) => OneInput(inputShapes);

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
        => inputs[0].With(VariableOps.Affine(inputs[0].Variable, (float)Scale, (float)Offset));

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("scale", Scale);
        config.Set("offset", Offset);
    }
}

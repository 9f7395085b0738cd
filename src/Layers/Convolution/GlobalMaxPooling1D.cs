using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// The largest entry over all steps: <c>y[b, c] = max over t of x[b, t, c]</c>. Masks are ignored and dropped.
/// Input (batch, steps, channels), output (batch, channels). Gradient: dy goes to the largest entry.
/// Source: Keras 3, <c>keras.layers.GlobalMaxPooling1D</c>.
/// </summary>
public sealed class GlobalMaxPooling1D : GlobalPooling1D
{
    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static GlobalMaxPooling1D FromConfig(LayerConfig config) => new()
    {
        DataFormat = config.DataFormat(),
        KeepDims = config.Bool("keepdims", false),
    };

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
        => VariableOps.Max(inputs[0].Variable, StepAxis, KeepDims);
}

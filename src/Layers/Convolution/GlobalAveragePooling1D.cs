using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// The mean over all steps: <c>y[b, c] = mean over t of x[b, t, c]</c>, over the real steps only where there is a mask (0 where no step is real). The mask is dropped.
/// Input (batch, steps, channels), output (batch, channels). Gradient: dy divided by the number of steps counted.
/// Source: Keras 3, <c>keras.layers.GlobalAveragePooling1D</c>.
/// </summary>
public sealed class GlobalAveragePooling1D : GlobalPooling1D
{
    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static GlobalAveragePooling1D FromConfig(LayerConfig config) => new()
    {
        DataFormat = config.DataFormat(),
        KeepDims = config.Bool("keepdims", false),
    };

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        if (inputs[0].Mask is not { } mask)
            return VariableOps.Mean(x, StepAxis, KeepDims);
        Variable real = VariableOps.Reshape(mask, StepAxis == 1 ? [mask.Shape[0], mask.Shape[1], 1] : [mask.Shape[0], 1, mask.Shape[1]]);
        Variable count = VariableOps.Clip(VariableOps.Sum(real, StepAxis, KeepDims), 1f, float.MaxValue);
        return VariableOps.Sum(x * real, StepAxis, KeepDims) / count;
    }
}

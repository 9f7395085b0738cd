using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// The mean of each channel: <c>y[b, c] = mean over i, j of x[b, i, j, c]</c>. Input (batch, rows, columns, channels), output
/// (batch, channels). Gradient: dy divided by rows · columns. Source: Keras 3, <c>keras.layers.GlobalAveragePooling2D</c>.
/// </summary>
public sealed class GlobalAveragePooling2D : GlobalPooling2D
{
    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static GlobalAveragePooling2D FromConfig(LayerConfig config) => new()
    {
        DataFormat = config.DataFormat(),
        KeepDims = config.Bool("keepdims", false),
    };

    private protected override Variable Pool(Variable x, int axis) => VariableOps.Mean(x, axis);
}

using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// The largest entry of each channel: <c>y[b, c] = max over i, j of x[b, i, j, c]</c>. Input (batch, rows, columns, channels), output
/// (batch, channels). Gradient: dy goes to the largest entry. Source: Keras 3, <c>keras.layers.GlobalMaxPooling2D</c>.
/// </summary>
public sealed class GlobalMaxPooling2D : GlobalPooling2D
{
    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static GlobalMaxPooling2D FromConfig(LayerConfig config) => new()
    {
        DataFormat = config.DataFormat(),
        KeepDims = config.Bool("keepdims", false),
    };

    private protected override Variable Pool(Variable x, int axis) => VariableOps.Max(x, axis);
}

using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// The mean of each window over rows and columns: <c>y[b, i, j, c] = mean x[b, i·sh + k, j·sw + l, c]</c>. Input (batch, rows, columns, channels),
/// output (batch, new rows, new columns, channels); the entries that padding same adds are not counted. The mask is dropped.
/// Gradient: dy divided by the count of real entries, to each of them. Source: Keras 3, <c>keras.layers.AveragePooling2D</c>.
/// </summary>
public sealed class AveragePooling2D : Pooling2D
{
    /// <summary>Creates the layer with windows of two rows and two columns.</summary>
    public AveragePooling2D()
        : base(2)
    {
    }

    /// <summary>Creates the layer.</summary>
    /// <param name="poolSize">Rows and columns in a window, at least 1; one number for both.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public AveragePooling2D(Size2D poolSize)
        : base(poolSize)
    {
    }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static AveragePooling2D FromConfig(LayerConfig config) => new(config.OptionalSize2D("pool_size") ?? 2)
    {
        Strides = config.OptionalSize2D("strides"),
        Padding = config.Padding(nameof(AveragePooling2D), causal: false),
        DataFormat = config.DataFormat(),
    };

    private protected override Variable Pool(Variable x, Size2D stride) => VariableOps.AveragePooling2D(x, PoolSize.Pair, stride.Pair, Padding.ForKernels());
}

using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// The largest entry of each window over rows and columns: <c>y[b, i, j, c] = max x[b, i·sh + k, j·sw + l, c]</c>. Input (batch, rows, columns, channels),
/// output (batch, new rows, new columns, channels); padding same counts as −∞. The mask is dropped.
/// Gradient: dy goes to the largest entry. Source: Keras 3, <c>keras.layers.MaxPooling2D</c>.
/// </summary>
public sealed class MaxPooling2D : Pooling2D
{
    /// <summary>Creates the layer with windows of two rows and two columns.</summary>
    public MaxPooling2D()
        : base(2)
    {
    }

    /// <summary>Creates the layer.</summary>
    /// <param name="poolSize">Rows and columns in a window, at least 1; one number for both.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public MaxPooling2D(Size2D poolSize)
        : base(poolSize)
    {
    }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static MaxPooling2D FromConfig(LayerConfig config) => new(config.OptionalSize2D("pool_size") ?? 2)
    {
        Strides = config.OptionalSize2D("strides"),
        Padding = config.Padding(nameof(MaxPooling2D), causal: false),
        DataFormat = config.DataFormat(),
    };

    private protected override Variable Pool(Variable x, Size2D stride) => VariableOps.MaxPooling2D(x, PoolSize.Pair, stride.Pair, Padding.ForKernels());
}

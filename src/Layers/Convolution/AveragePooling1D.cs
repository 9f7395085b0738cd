using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// The mean of each window along the steps: <c>y[b, t, c] = mean x[b, t·stride + k, c]</c>. Input (batch, steps, channels), output
/// (batch, new steps, channels); the steps that padding same adds are not counted. The mask is dropped.
/// Gradient: dy divided by the count of real steps, to each of them. Source: Keras 3, <c>keras.layers.AveragePooling1D</c>.
/// </summary>
/// <param name="poolSize">Steps in a window, at least 1.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="poolSize"/> is below 1.</exception>
public sealed class AveragePooling1D(int poolSize = 2) : Pooling1D(poolSize)
{
    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static AveragePooling1D FromConfig(LayerConfig config) => new(config.OptionalInt("pool_size") ?? 2)
    {
        Strides = config.OptionalInt("strides"),
        Padding = config.Padding(nameof(AveragePooling1D), causal: false),
        DataFormat = config.DataFormat(),
    };

    private protected override Variable Pool(Variable x, int stride) => VariableOps.AveragePooling1D(x, PoolSize, stride, Padding.ForKernels());
}

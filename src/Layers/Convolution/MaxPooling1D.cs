using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// The largest entry of each window along the steps: <c>y[b, t, c] = max x[b, t·stride + k, c]</c>. Input (batch, steps, channels), output
/// (batch, new steps, channels); padding same counts as −∞. The mask is dropped. Gradient: dy goes to the largest entry.
/// Source: Keras 3, <c>keras.layers.MaxPooling1D</c>.
/// </summary>
/// <param name="poolSize">Steps in a window, at least 1.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="poolSize"/> is below 1.</exception>
public sealed class MaxPooling1D(int poolSize = 2) : Pooling1D(poolSize)
{
    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static MaxPooling1D FromConfig(LayerConfig config) => new(config.OptionalInt("pool_size") ?? 2)
    {
        Strides = config.OptionalInt("strides"),
        Padding = config.Padding(nameof(MaxPooling1D), causal: false),
        DataFormat = config.DataFormat(),
    };

    private protected override Variable Pool(Variable x, int stride) => VariableOps.MaxPooling1D(x, PoolSize, stride, Padding.ForKernels());
}

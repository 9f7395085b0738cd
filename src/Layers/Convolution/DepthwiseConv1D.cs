using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// A convolution along the steps that keeps channels apart: with M = depth multiplier,
/// <c>y[b, t, c·M + m] = activation(Σ x[b, t·stride + k·dilation − padding, c] · kernel[k, c, m] + bias[c·M + m])</c>.
/// Input (batch, steps, channels), output (batch, new steps, channels·M); kernel (kernel_size, channels, M), bias (channels·M).
/// The mask is dropped. Gradients: the correlations of dy with the kernel and with x, channel by channel.
/// Source: Keras 3, <c>keras.layers.DepthwiseConv1D</c>.
/// </summary>
public sealed class DepthwiseConv1D : Convolution1D
{
    private Parameter? _kernel;

    /// <summary>Creates the layer.</summary>
    /// <param name="kernelSize">Steps that the kernel sees, at least 1.</param>
    /// <param name="activation">Applied to the sum; linear when null.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kernelSize"/> is below 1.</exception>
    public DepthwiseConv1D(int kernelSize, ActivationFunction? activation = null)
        : base(kernelSize, activation)
    {
    }

    /// <summary>M, the output channels of an input channel.</summary>
    public int DepthMultiplier { get; init => field = Guard.Positive(value, nameof(DepthwiseConv1D), "depthMultiplier"); } = 1;

    /// <summary>Draws the kernel: Glorot-uniform unless set.</summary>
    public Initializer DepthwiseInitializer { get; init; } = StandardKernel;

    /// <summary>Penalises the depthwise kernel; none when null.</summary>
    public Regularizer? DepthwiseRegularizer { get => RegularizerOf("depthwise"); init => SetRegularizer("depthwise", value); }

    /// <summary>Bounds the depthwise kernel after each update; none when null.</summary>
    public Constraint? DepthwiseConstraint { get => ConstraintOf("depthwise"); init => SetConstraint("depthwise", value); }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static DepthwiseConv1D FromConfig(LayerConfig config) => new(config.Int("kernel_size"))
    {
        Strides = config.OptionalInt("strides") ?? 1,
        Padding = config.Padding(nameof(DepthwiseConv1D), causal: false),
        DepthMultiplier = config.OptionalInt("depth_multiplier") ?? 1,
        DataFormat = config.DataFormat(),
        DilationRate = config.OptionalInt("dilation_rate") ?? 1,
        Activation = config.Activation("activation"),
        UseBias = config.Bool("use_bias", true),
        DepthwiseInitializer = config.Initializer("depthwise_initializer", StandardKernel),
        BiasInitializer = ReadBiasInitializer(config),
    };

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        base.WriteConfig(config);
        config.Set("depth_multiplier", DepthMultiplier);
        config.SetInitializer("depthwise_initializer", DepthwiseInitializer, StandardKernel);
    }

    private protected override int OutputChannels(int channels) => Fits((long)channels * DepthMultiplier, "the channels of the output");

    private protected override void CheckChannels(int channels, SymbolicShape shape) => CheckKernel(_kernel, _kernel?.Shape[1] ?? 0, channels, shape);

    /// <inheritdoc/>
    protected override string RoleOf(string weight) => weight == "kernel" ? "depthwise" : base.RoleOf(weight);

    private protected override void BuildKernels(int channels) => _kernel = AddWeight("kernel", [KernelSize, channels, DepthMultiplier], DepthwiseInitializer);

    private protected override Variable Convolve(Variable x, Parameter? bias)
        => VariableOps.DepthwiseConv1D(x, _kernel!, bias, Strides, DilationRate, Padding.ForKernels(), Activation.FusedKind);
}

using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// A convolution along the steps in two parts, far smaller than one of both: a depthwise convolution sees the window, channel by channel, and a
/// pointwise one mixes the channels: with M = depth multiplier, <c>z[b, t, c·M + m] = Σ x[b, t·stride + k·dilation − padding, c] · depthwise_kernel[k, c, m]</c>,
/// <c>y[b, t, f] = activation(Σ z[b, t, d] · pointwise_kernel[0, d, f] + bias[f])</c>.
/// Input (batch, steps, channels), output (batch, new steps, filters); depthwise_kernel (kernel_size, channels, M), pointwise_kernel
/// (1, channels·M, filters), bias (filters). The mask is dropped. Gradients: those of the two convolutions, one after the other.
/// Source: Keras 3, <c>keras.layers.SeparableConv1D</c>.
/// </summary>
public sealed class SeparableConv1D : Convolution1D
{
    private Parameter? _depthwise;
    private Parameter? _pointwise;

    /// <summary>Creates the layer.</summary>
    /// <param name="filters">Channels of the output, at least 1.</param>
    /// <param name="kernelSize">Steps that the depthwise kernel sees, at least 1.</param>
    /// <param name="activation">Applied to the sum; linear when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public SeparableConv1D(int filters, int kernelSize, ActivationFunction? activation = null)
        : base(kernelSize, activation) => Filters = Guard.Positive(filters, nameof(SeparableConv1D));

    /// <summary>Channels of the output.</summary>
    public int Filters { get; }

    /// <summary>M, the channels between the two parts for each input channel.</summary>
    public int DepthMultiplier { get; init => field = Guard.Positive(value, nameof(SeparableConv1D), "depthMultiplier"); } = 1;

    /// <summary>Draws the depthwise kernel: Glorot-uniform unless set.</summary>
    public Initializer DepthwiseInitializer { get; init; } = StandardKernel;

    /// <summary>Draws the pointwise kernel: Glorot-uniform unless set.</summary>
    public Initializer PointwiseInitializer { get; init; } = StandardKernel;

    /// <summary>Penalises the depthwise kernel; none when null.</summary>
    public Regularizer? DepthwiseRegularizer { get => RegularizerOf("depthwise"); init => SetRegularizer("depthwise", value); }

    /// <summary>Bounds the depthwise kernel after each update; none when null.</summary>
    public Constraint? DepthwiseConstraint { get => ConstraintOf("depthwise"); init => SetConstraint("depthwise", value); }

    /// <summary>Penalises the pointwise kernel; none when null.</summary>
    public Regularizer? PointwiseRegularizer { get => RegularizerOf("pointwise"); init => SetRegularizer("pointwise", value); }

    /// <summary>Bounds the pointwise kernel after each update; none when null.</summary>
    public Constraint? PointwiseConstraint { get => ConstraintOf("pointwise"); init => SetConstraint("pointwise", value); }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static SeparableConv1D FromConfig(LayerConfig config) => new(config.Int("filters"), config.Int("kernel_size"))
    {
        Strides = config.OptionalInt("strides") ?? 1,
        Padding = config.Padding(nameof(SeparableConv1D), causal: false),
        DepthMultiplier = config.OptionalInt("depth_multiplier") ?? 1,
        DataFormat = config.DataFormat(),
        DilationRate = config.OptionalInt("dilation_rate") ?? 1,
        Activation = config.Activation("activation"),
        UseBias = config.Bool("use_bias", true),
        DepthwiseInitializer = config.Initializer("depthwise_initializer", StandardKernel),
        PointwiseInitializer = config.Initializer("pointwise_initializer", StandardKernel),
        BiasInitializer = ReadBiasInitializer(config),
    };

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("filters", Filters);
        base.WriteConfig(config);
        config.Set("depth_multiplier", DepthMultiplier);
        config.SetInitializer("depthwise_initializer", DepthwiseInitializer, StandardKernel);
        config.SetInitializer("pointwise_initializer", PointwiseInitializer, StandardKernel);
    }

    private protected override int OutputChannels(int channels) => Filters;

    private protected override void CheckChannels(int channels, SymbolicShape shape) => CheckKernel(_depthwise, _depthwise?.Shape[1] ?? 0, channels, shape);

    private protected override void BuildKernels(int channels)
    {
        _depthwise = AddWeight("depthwise_kernel", [KernelSize, channels, DepthMultiplier], DepthwiseInitializer);
        // No overflow: the depthwise kernel has as many numbers or more, and a tensor holds them.
        _pointwise = AddWeight("pointwise_kernel", [1, channels * DepthMultiplier, Filters], PointwiseInitializer);
    }

    private protected override Variable Convolve(Variable x, Parameter? bias)
    {
        Variable z = VariableOps.DepthwiseConv1D(x, _depthwise!, null, Strides, DilationRate, Padding.ForKernels());
        return VariableOps.Conv1D(z, _pointwise!, bias, activation: Activation.FusedKind);
    }
}

using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// A convolution along the steps (a cross-correlation: the kernel is not flipped):
/// <c>y[b, t, f] = activation(Σ x[b, t·stride + k·dilation − padding, c] · kernel[k, c, f] + bias[f])</c>.
/// Input (batch, steps, channels), output (batch, new steps, filters); kernel (kernel_size, channels/groups, filters), bias (filters).
/// Padding valid: none; same: as many outputs as ⌈steps/stride⌉; causal: an output sees no later step.
/// The mask is dropped. Gradients: the correlations of dy with the kernel and with x. Source: Keras 3, <c>keras.layers.Conv1D</c>.
/// </summary>
public sealed class Conv1D : Convolution1D
{
    private Parameter? _kernel;

    /// <summary>Creates the layer.</summary>
    /// <param name="filters">Channels of the output, at least 1.</param>
    /// <param name="kernelSize">Steps that the kernel sees, at least 1.</param>
    /// <param name="activation">Applied to the sum; linear when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public Conv1D(int filters, int kernelSize, ActivationFunction? activation = null)
        : base(kernelSize, activation) => Filters = Guard.Positive(filters, nameof(Conv1D));

    /// <summary>Channels of the output.</summary>
    public int Filters { get; }

    /// <summary>Parts of the channels that are convolved separately.</summary>
    public int Groups { get; init => field = Guard.Positive(value, nameof(Conv1D), "groups"); } = 1;

    /// <summary>Draws the kernel: Glorot-uniform unless set.</summary>
    public Initializer KernelInitializer { get; init; } = StandardKernel;

    private protected override bool AllowsCausal => true;

    /// <summary>Penalises the kernel; none when null.</summary>
    public Regularizer? KernelRegularizer { get => RegularizerOf("kernel"); init => SetRegularizer("kernel", value); }

    /// <summary>Bounds the kernel after each update; none when null.</summary>
    public Constraint? KernelConstraint { get => ConstraintOf("kernel"); init => SetConstraint("kernel", value); }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Conv1D FromConfig(LayerConfig config) => new(config.Int("filters"), config.Int("kernel_size"))
    {
        Strides = config.OptionalInt("strides") ?? 1,
        Padding = config.Padding(nameof(Conv1D), causal: true),
        DataFormat = config.DataFormat(),
        DilationRate = config.OptionalInt("dilation_rate") ?? 1,
        Groups = config.OptionalInt("groups") ?? 1,
        Activation = config.Activation("activation"),
        UseBias = config.Bool("use_bias", true),
        KernelInitializer = config.Initializer("kernel_initializer", StandardKernel),
        BiasInitializer = ReadBiasInitializer(config),
    };

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("filters", Filters);
        base.WriteConfig(config);
        config.Set("groups", Groups);
        config.SetInitializer("kernel_initializer", KernelInitializer, StandardKernel);
    }

    private protected override int OutputChannels(int channels) => Filters;

    private protected override void CheckChannels(int channels, SymbolicShape shape)
    {
        if (channels % Groups != 0 || Filters % Groups != 0)
            throw ShapeError($"{Groups} groups must divide the channels of {Format.Named(shape, DataFormat)} and the {Filters} filters into equal parts. Choose a number that divides both {channels} and {Filters}.");
        CheckKernel(_kernel, _kernel?.Shape[1] * Groups ?? 0, channels, shape);
    }

    private protected override void BuildKernels(int channels)
        => _kernel = AddWeight("kernel", [KernelSize, channels / Groups, Filters], KernelInitializer);

    private protected override Variable Convolve(Variable x, Parameter? bias)
        => VariableOps.Conv1D(x, _kernel!, bias, Strides, DilationRate, Padding.ForKernels(), Activation.FusedKind, Groups);
}

using System.Globalization;
using FlatFuse.Autograd;
using FlatFuse.Kernels;

namespace FlatFuse.Layers;

/// <summary>
/// The transpose of a convolution along the steps: every input step adds its multiple of the kernel to the output, so that the sequence grows by the
/// stride. <c>y[b, t·stride + k·dilation − padding, f] = activation(Σ x[b, t, c] · kernel[k, f, c] + bias[f])</c>.
/// Input (batch, steps, channels), output (batch, new steps, filters); kernel (kernel_size, filters, channels), bias (filters).
/// New steps: valid <c>steps·stride + max(span − stride, 0)</c>, same <c>steps·stride</c>. The mask is dropped.
/// Gradients: dx is the convolution of dy with the kernel, dkernel the correlation of dy with x. Source: Keras 3, <c>keras.layers.Conv1DTranspose</c>.
/// </summary>
public sealed class Conv1DTranspose : Convolution1D
{
    private Parameter? _kernel;

    /// <summary>Creates the layer.</summary>
    /// <param name="filters">Channels of the output, at least 1.</param>
    /// <param name="kernelSize">Output steps that an input step reaches, at least 1.</param>
    /// <param name="activation">Applied to the sum; linear when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public Conv1DTranspose(int filters, int kernelSize, ActivationFunction? activation = null)
        : base(kernelSize, activation) => Filters = Guard.Positive(filters, nameof(Conv1DTranspose));

    /// <summary>Channels of the output.</summary>
    public int Filters { get; }

    /// <summary>Extra output steps, below the strides; null for the lengths above.</summary>
    public int? OutputPadding { get; init => field = value is { } given ? Guard.NotNegative(given, nameof(Conv1DTranspose), "outputPadding") : null; }

    /// <summary>Draws the kernel: Glorot-uniform unless set.</summary>
    public Initializer KernelInitializer { get; init; } = StandardKernel;

    /// <summary>Penalises the kernel; none when null.</summary>
    public Regularizer? KernelRegularizer { get => RegularizerOf("kernel"); init => SetRegularizer("kernel", value); }

    /// <summary>Bounds the kernel after each update; none when null.</summary>
    public Constraint? KernelConstraint { get => ConstraintOf("kernel"); init => SetConstraint("kernel", value); }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Conv1DTranspose FromConfig(LayerConfig config) => new(config.Int("filters"), config.Int("kernel_size"))
    {
        Strides = config.OptionalInt("strides") ?? 1,
        Padding = config.Padding(nameof(Conv1DTranspose), causal: false),
        OutputPadding = config.OptionalInt("output_padding"),
        DataFormat = config.DataFormat(),
        DilationRate = config.OptionalInt("dilation_rate") ?? 1,
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
        config.Set("output_padding", OutputPadding is { } extra ? LayerConfigReading.ToJson(extra) : null);
        config.SetInitializer("kernel_initializer", KernelInitializer, StandardKernel);
    }

    private protected override int OutputChannels(int channels) => Filters;

    private protected override void CheckChannels(int channels, SymbolicShape shape)
    {
        if (OutputPadding >= Strides)
            throw ShapeError(string.Create(CultureInfo.InvariantCulture, $"the output padding {OutputPadding} is not below the strides {Strides}, so steps would remain that no window reaches. Use at most {Strides - 1}."));
        CheckKernel(_kernel, _kernel?.Shape[2] ?? 0, channels, shape);
    }

    private protected override int OutputLength(int steps, SymbolicShape shape)
    {
        int length = Conv1DShape.CreateTransposed(0, steps, 1, 1, KernelSize, Strides, DilationRate, Padding.ForKernels(), OutputPadding).Length;
        return steps == 0 || length > 0
            ? length
            : throw ShapeError($"no output step remains of {Format.Named(shape, DataFormat)} with padding same and output padding 0. Leave the output padding out.");
    }

    private protected override void BuildKernels(int channels) => _kernel = AddWeight("kernel", [KernelSize, Filters, channels], KernelInitializer);

    private protected override Variable Convolve(Variable x, Parameter? bias)
        => VariableOps.Conv1DTranspose(x, _kernel!, bias, Strides, DilationRate, Padding.ForKernels(), OutputPadding, Activation.FusedKind);
}

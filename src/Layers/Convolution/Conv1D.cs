using FlatFuse.Autograd;
using FlatFuse.Kernels;

namespace FlatFuse.Layers;

/// <summary>
/// A convolution along the steps (a cross-correlation: the kernel is not flipped):
/// <c>y[b, t, f] = activation(Σ x[b, t·stride + k·dilation − padding, c] · kernel[k, c, f] + bias[f])</c>.
/// Input (batch, steps, channels), output (batch, new steps, filters); kernel (kernel_size, channels/groups, filters), bias (filters).
/// The mask is dropped. Gradients: the correlations of dy with the kernel and with x. Source: Keras 3, <c>keras.layers.Conv1D</c>.
/// </summary>
public sealed class Conv1D : Layer
{
    private static readonly Initializer StandardKernel = new GlorotUniform();
    private static readonly Initializer StandardBias = new Zeros();

    private Parameter? _kernel;
    private Parameter? _bias;

    /// <summary>Creates the layer.</summary>
    /// <param name="filters">Channels of the output, at least 1.</param>
    /// <param name="kernelSize">Steps that the kernel sees, at least 1.</param>
    /// <param name="activation">Applied to the sum; linear when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public Conv1D(int filters, int kernelSize, ActivationFunction? activation = null)
    {
        Filters = Guard.Positive(filters, nameof(Conv1D));
        KernelSize = Guard.Positive(kernelSize, nameof(Conv1D));
        Activation = activation ?? Layers.Activation.Linear;
    }

    /// <summary>Channels of the output.</summary>
    public int Filters { get; }

    /// <summary>Steps that the kernel sees.</summary>
    public int KernelSize { get; }

    /// <summary>Steps from one output position to the next.</summary>
    public int Strides { get; init => field = Guard.Positive(value, nameof(Conv1D), "strides"); } = 1;

    /// <summary>Valid: no padding. Same: as many outputs as ⌈steps/stride⌉. Causal: an output sees no later step.</summary>
    public ConvolutionPadding Padding { get; init; }

    /// <summary>Steps between the entries of the kernel.</summary>
    public int DilationRate { get; init => field = Guard.Positive(value, nameof(Conv1D), "dilationRate"); } = 1;

    /// <summary>Parts of the channels that are convolved separately.</summary>
    public int Groups { get; init => field = Guard.Positive(value, nameof(Conv1D), "groups"); } = 1;

    /// <summary>Where the channels lie, in the input and in the output.</summary>
    public DataFormat DataFormat { get; init; }

    /// <summary>Applied to the sum; linear unless set.</summary>
    public ActivationFunction Activation { get; init; }

    /// <summary>False to leave the bias out.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>Draws the kernel: Glorot-uniform unless set.</summary>
    public Initializer KernelInitializer { get; init; } = StandardKernel;

    /// <summary>Draws the bias: zeros unless set.</summary>
    public Initializer BiasInitializer { get; init; } = StandardBias;

    private bool IsChannelsFirst => DataFormat == DataFormat.ChannelsFirst;

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
        BiasInitializer = config.Initializer("bias_initializer", StandardBias),
    };

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        CheckOptions();
        if (shape.Rank != 3)
            throw ShapeError($"expected rank 3 {Format.Names(DataFormat)}; got {shape}, rank {shape.Rank}. {Format.RankFix(shape)}");
        (int? steps, int? channels) = Format.Split(shape, DataFormat);
        if (channels is not { } known)
            throw ShapeError($"the channels of {Format.Named(shape, DataFormat)} are undefined, but the kernel has a row for each. Give the input a defined channel axis.");
        if (known % Groups != 0 || Filters % Groups != 0)
            throw ShapeError($"{Groups} groups must divide the channels of {Format.Named(shape, DataFormat)} and the {Filters} filters into equal parts. Choose a number that divides both {known} and {Filters}.");
        if (_kernel is not null && _kernel.Shape[1] * Groups != known)
            throw ShapeError($"its kernel {Tensors.Shapes.Format(_kernel.Shape)} was made for {_kernel.Shape[1] * Groups} channels; got {Format.Named(shape, DataFormat)}.");
        int? length = steps is { } n ? OutputLength(n, shape) : null;
        return IsChannelsFirst ? new SymbolicShape(shape[0], Filters, length) : new SymbolicShape(shape[0], length, Filters);
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        int channels = Format.Split(inputShapes[0], DataFormat).Channels!.Value;
        _kernel = AddWeight("kernel", [KernelSize, channels / Groups, Filters], KernelInitializer);
        if (UseBias)
            _bias = AddWeight("bias", [Filters], BiasInitializer);
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = IsChannelsFirst ? VariableOps.Transpose(inputs[0].Variable, 0, 2, 1) : inputs[0].Variable;
        Variable y = Groups == 1 ? Convolve(x, _kernel!, _bias) : ConvolveGroups(x, context);
        y = Activation.Finish(y);
        return IsChannelsFirst ? VariableOps.Transpose(y, 0, 2, 1) : y;
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("filters", Filters);
        config.Set("kernel_size", LayerConfigReading.ToJson(KernelSize));
        config.Set("strides", LayerConfigReading.ToJson(Strides));
        config.Set("padding", Padding.Spell());
        config.Set("data_format", DataFormat.Spell());
        config.Set("dilation_rate", LayerConfigReading.ToJson(DilationRate));
        config.Set("groups", Groups);
        config.Set("activation", Activation.Name);
        config.Set("use_bias", UseBias);
        config.SetInitializer("kernel_initializer", KernelInitializer, StandardKernel);
        config.SetInitializer("bias_initializer", BiasInitializer, StandardBias);
    }

    private Variable Convolve(Variable x, Variable kernel, Variable? bias)
        => VariableOps.Conv1D(x, kernel, bias, Strides, DilationRate, Padding, Activation.FusedKind);

    private Variable ConvolveGroups(Variable x, CallContext context)
    {
        Variable whole = VariableOps.InContext(_kernel!, context);
        Variable? wholeBias = _bias is null ? null : VariableOps.InContext(_bias, context);
        int channels = x.Shape[2] / Groups, filters = Filters / Groups;
        var parts = new Variable[Groups];
        for (int group = 0; group < Groups; group++)
        {
            Variable part = VariableOps.Slice(x, 2, group * channels, channels);
            Variable kernel = VariableOps.Slice(whole, 2, group * filters, filters);
            Variable? bias = wholeBias is null ? null : VariableOps.Slice(wholeBias, 0, group * filters, filters);
            parts[group] = Convolve(part, kernel, bias);
        }
        return VariableOps.Concatenate(parts, 2);
    }

    private void CheckOptions()
    {
        if (Strides > 1 && DilationRate > 1)
            throw ShapeError($"strides {Strides} and dilation rate {DilationRate} are both above 1, which is not defined; set one of them to 1.");
        if (Activation.Kind is null && IsChannelsFirst)
            throw ShapeError($"{Activation.Name} works on the last axis, which is not the channels here; expected channels_last, or an Activation layer after a Permute.");
    }

    private int OutputLength(int steps, SymbolicShape shape)
    {
        int span = (KernelSize - 1) * DilationRate + 1;
        if (Padding == ConvolutionPadding.Valid && span > steps)
            throw ShapeError($"the kernel spans {span} steps (kernel size {KernelSize}, dilation rate {DilationRate}), the input {Format.Named(shape, DataFormat)} has {steps}: no output position exists. Use a smaller kernel or padding same.");
        return WindowLength.Of(steps, span, Strides, Padding);
    }
}

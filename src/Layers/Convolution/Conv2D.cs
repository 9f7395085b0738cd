using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// A convolution over rows and columns (a cross-correlation: the kernel is not flipped):
/// <c>y[b, i, j, f] = activation(Σ x[b, i·sh + k·dh − above, j·sw + l·dw − left, c] · kernel[k, l, c, f] + bias[f])</c>.
/// Input (batch, rows, columns, channels), output (batch, new rows, new columns, filters); kernel (kernel rows, kernel columns, channels/groups, filters),
/// bias (filters). The mask is dropped. Gradients: the correlations of dy with the kernel and with x. Source: Keras 3, <c>keras.layers.Conv2D</c>.
/// </summary>
public sealed class Conv2D : Layer
{
    private static readonly Initializer StandardKernel = new GlorotUniform();
    private static readonly Initializer StandardBias = new Zeros();

    private Parameter? _kernel;
    private Parameter? _bias;

    /// <summary>Creates the layer.</summary>
    /// <param name="filters">Channels of the output, at least 1.</param>
    /// <param name="kernelSize">Rows and columns that the kernel sees, at least 1; one number for both.</param>
    /// <param name="activation">Applied to the sum; linear when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public Conv2D(int filters, Size2D kernelSize, ActivationFunction? activation = null)
    {
        Filters = Guard.Positive(filters, nameof(Conv2D));
        KernelSize = Guard.Positive(kernelSize, nameof(Conv2D));
        Activation = activation ?? Layers.Activation.Linear;
    }

    /// <summary>Channels of the output.</summary>
    public int Filters { get; }

    /// <summary>Rows and columns that the kernel sees.</summary>
    public Size2D KernelSize { get; }

    /// <summary>Rows and columns from one window to the next.</summary>
    public Size2D Strides { get; init => field = Guard.Positive(value, nameof(Conv2D), "strides"); } = 1;

    /// <summary>Valid: no padding. Same: ⌈rows/stride⌉ by ⌈columns/stride⌉ outputs.</summary>
    public Padding Padding { get; init => field = Guard.Padding(value, nameof(Conv2D), causal: false); }

    /// <summary>Rows and columns between the entries of the kernel.</summary>
    public Size2D DilationRate { get; init => field = Guard.Positive(value, nameof(Conv2D), "dilationRate"); } = 1;

    /// <summary>Parts of the channels that are convolved separately.</summary>
    public int Groups { get; init => field = Guard.Positive(value, nameof(Conv2D), "groups"); } = 1;

    /// <summary>Where the channels lie, in the input and in the output.</summary>
    public DataFormat DataFormat { get; init; }

    /// <summary>Applied to the sum; linear unless set.</summary>
    public ActivationFunction Activation { get; init => field = value.KeepingShape(nameof(Conv2D)); }

    /// <summary>False to leave the bias out.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>Draws the kernel: Glorot-uniform unless set.</summary>
    public Initializer KernelInitializer { get; init; } = StandardKernel;

    /// <summary>Draws the bias: zeros unless set.</summary>
    public Initializer BiasInitializer { get; init; } = StandardBias;

    /// <summary>Penalises the kernel; none when null.</summary>
    public Regularizer? KernelRegularizer { get => RegularizerOf("kernel"); init => SetRegularizer("kernel", value); }

    /// <summary>Bounds the kernel after each update; none when null.</summary>
    public Constraint? KernelConstraint { get => ConstraintOf("kernel"); init => SetConstraint("kernel", value); }

    /// <summary>Penalises the bias; none when null.</summary>
    public Regularizer? BiasRegularizer { get => RegularizerOf("bias"); init => SetRegularizer("bias", value); }

    /// <summary>Bounds the bias after each update; none when null.</summary>
    public Constraint? BiasConstraint { get => ConstraintOf("bias"); init => SetConstraint("bias", value); }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static Conv2D FromConfig(LayerConfig config) => new(config.Int("filters"), config.Size2D("kernel_size"))
    {
        Strides = config.OptionalSize2D("strides") ?? 1,
        Padding = config.Padding(nameof(Conv2D), causal: false),
        DataFormat = config.DataFormat(),
        DilationRate = config.OptionalSize2D("dilation_rate") ?? 1,
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
        if (shape.Rank != 4)
            throw ShapeError(Format2D.RankError(shape, DataFormat));
        (int? rows, int? columns, int? channels) = Format2D.Split(shape, DataFormat);
        if (channels is not { } known)
            throw ShapeError($"the channels of {Format2D.Named(shape, DataFormat)} are undefined, but the kernel has a row for each. Give the input a defined channel axis.");
        if (known % Groups != 0 || Filters % Groups != 0)
            throw ShapeError($"{Groups} groups must divide the channels of {Format2D.Named(shape, DataFormat)} and the {Filters} filters into equal parts. Choose a number that divides both {known} and {Filters}.");
        if (_kernel is not null && _kernel.Shape[2] * Groups != known)
            throw ShapeError($"its kernel {Tensors.Shapes.Format(_kernel.Shape)} was made for {_kernel.Shape[2] * Groups} channels; got {Format2D.Named(shape, DataFormat)}. Use a second layer for inputs of another width.");
        int? newRows = rows is { } h ? OutputLength(h, KernelSize.Rows, Strides.Rows, DilationRate.Rows, "rows", shape) : null;
        int? newColumns = columns is { } w ? OutputLength(w, KernelSize.Columns, Strides.Columns, DilationRate.Columns, "columns", shape) : null;
        return Format2D.Join(shape[0], newRows, newColumns, Filters, DataFormat);
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        int channels = Format2D.Split(inputShapes[0], DataFormat).Channels!.Value;
        _kernel = AddWeight("kernel", [KernelSize.Rows, KernelSize.Columns, channels / Groups, Filters], KernelInitializer);
        if (UseBias)
            _bias = AddWeight("bias", [Filters], BiasInitializer);
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = Format2D.ToChannelsLast(inputs[0].Variable, DataFormat);
        Variable y = VariableOps.Conv2D(x, _kernel!, _bias, Strides.Pair, DilationRate.Pair, Padding.ForKernels(), Activation.FusedKind, Groups);
        return Format2D.FromChannelsLast(Activation.Finish(y), DataFormat);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("filters", Filters);
        config.Set("kernel_size", KernelSize.ToJson());
        config.Set("strides", Strides.ToJson());
        config.Set("padding", Padding.Spell());
        config.Set("data_format", DataFormat.Spell());
        config.Set("dilation_rate", DilationRate.ToJson());
        config.Set("groups", Groups);
        config.Set("activation", Activation.ToConfig());
        config.Set("use_bias", UseBias);
        config.SetInitializer("kernel_initializer", KernelInitializer, StandardKernel);
        config.SetInitializer("bias_initializer", BiasInitializer, StandardBias);
    }

    private void CheckOptions()
    {
        if (!Strides.IsOne && !DilationRate.IsOne)
            throw ShapeError($"strides {Strides} and dilation rate {DilationRate} are both above 1, which is not defined; set one of them to 1.");
        if (Activation.WorksOnRows && DataFormat == DataFormat.ChannelsFirst)
            throw ShapeError($"{Activation.Name} works on the last axis, which is not the channels here; expected channels_last, or an Activation layer after a Permute.");
    }

    private int OutputLength(int entries, int kernel, int stride, int dilation, string axis, SymbolicShape shape)
    {
        int span = Fits((kernel - 1L) * dilation + 1, $"the span of the kernel along the {axis} (kernel size {kernel}, dilation rate {dilation})");
        if (Padding == Padding.Valid && span > entries)
            throw ShapeError($"the kernel spans {span} {axis} (kernel size {kernel}, dilation rate {dilation}), the input {Format2D.Named(shape, DataFormat)} has {entries}: no output position exists. Use a smaller kernel or padding same.");
        return WindowLength.Of(entries, span, stride, Padding);
    }
}

using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// What the convolutions along the steps share: the window, the activation, the bias, where the channels lie, and the checks of all of them.
/// Input (batch, steps, channels), output (batch, new steps, filters). The mask is dropped.
/// </summary>
public abstract class Convolution1D : Layer
{
    private protected static readonly Initializer StandardKernel = new GlorotUniform();
    private static readonly Initializer StandardBias = new Zeros();

    private Parameter? _bias;

    private protected Convolution1D(int kernelSize, ActivationFunction? activation)
    {
        KernelSize = Guard.Positive(kernelSize, GetType().Name);
        Activation = activation ?? Layers.Activation.Linear;
    }

    /// <summary>Steps that the kernel sees.</summary>
    public int KernelSize { get; }

    /// <summary>Steps from one window to the next.</summary>
    public int Strides { get; init => field = Guard.Positive(value, GetType().Name, "strides"); } = 1;

    /// <summary>What happens at the ends of the sequence; causal only where the layer says so.</summary>
    /// <exception cref="ArgumentException">Causal, for a layer that does not know it.</exception>
    public Padding Padding { get; init => field = Guard.Padding(value, GetType().Name, AllowsCausal); }

    /// <summary>Steps between the entries of the kernel.</summary>
    public int DilationRate { get; init => field = Guard.Positive(value, GetType().Name, "dilationRate"); } = 1;

    /// <summary>Where the channels lie, in the input and in the output.</summary>
    public DataFormat DataFormat { get; init; }

    /// <summary>Applied to the sum; linear unless set.</summary>
    public ActivationFunction Activation { get; init => field = value.KeepingShape(GetType().Name); }

    /// <summary>False to leave the bias out.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>Draws the bias: zeros unless set.</summary>
    public Initializer BiasInitializer { get; init; } = StandardBias;

    /// <summary>Penalises the bias; none when null.</summary>
    public Regularizer? BiasRegularizer { get => RegularizerOf("bias"); init => SetRegularizer("bias", value); }

    /// <summary>Bounds the bias after each update; none when null.</summary>
    public Constraint? BiasConstraint { get => ConstraintOf("bias"); init => SetConstraint("bias", value); }

    private protected virtual bool AllowsCausal => false;

    private bool IsChannelsFirst => DataFormat == DataFormat.ChannelsFirst;

    /// <inheritdoc/>
    protected sealed override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape shape = OneInput(inputShapes);
        CheckOptions();
        if (shape.Rank != 3)
            throw ShapeError($"expected rank 3 {Format.Names(DataFormat)}; got {shape}, rank {shape.Rank}. {Format.RankFix(shape)}");
        (int? steps, int? channels) = Format.Split(shape, DataFormat);
        if (channels is not { } known)
            throw ShapeError($"the channels of {Format.Named(shape, DataFormat)} are undefined, but the kernel has a row for each. Give the input a defined channel axis.");
        CheckChannels(known, shape);
        int? length = steps is { } n ? OutputLength(n, shape) : null;
        int filters = OutputChannels(known);
        return IsChannelsFirst ? new SymbolicShape(shape[0], filters, length) : new SymbolicShape(shape[0], length, filters);
    }

    /// <inheritdoc/>
    protected sealed override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        int channels = Format.Split(inputShapes[0], DataFormat).Channels!.Value;
        BuildKernels(channels);
        if (UseBias)
            _bias = AddWeight("bias", [OutputChannels(channels)], BiasInitializer);
    }

    /// <inheritdoc/>
    protected sealed override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = IsChannelsFirst ? VariableOps.Transpose(inputs[0].Variable, 0, 2, 1) : inputs[0].Variable;
        Variable y = Activation.Finish(Convolve(x, _bias));
        return IsChannelsFirst ? VariableOps.Transpose(y, 0, 2, 1) : y;
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("kernel_size", LayerConfigReading.ToJson(KernelSize));
        config.Set("strides", LayerConfigReading.ToJson(Strides));
        config.Set("padding", Padding.Spell());
        config.Set("data_format", DataFormat.Spell());
        config.Set("dilation_rate", LayerConfigReading.ToJson(DilationRate));
        config.Set("activation", Activation.ToConfig());
        config.Set("use_bias", UseBias);
        config.SetInitializer("bias_initializer", BiasInitializer, StandardBias);
    }

    private protected static Initializer ReadBiasInitializer(LayerConfig config) => config.Initializer("bias_initializer", StandardBias);

    /// <summary>Channels of the output.</summary>
    private protected abstract int OutputChannels(int channels);

    /// <summary>Declares the kernels.</summary>
    private protected abstract void BuildKernels(int channels);

    /// <summary>The convolution of a value with its channels last, bias and fused activation included.</summary>
    private protected abstract Variable Convolve(Variable x, Parameter? bias);

    /// <summary>Refuses a number of channels that does not meet the options or the kernel that is there.</summary>
    private protected abstract void CheckChannels(int channels, SymbolicShape shape);

    /// <summary>Refuses a number of channels that is not the one the kernel was made for.</summary>
    private protected void CheckKernel(Parameter? kernel, int made, int channels, SymbolicShape shape)
    {
        if (kernel is not null && made != channels)
            throw ShapeError($"its kernel {Tensors.Shapes.Format(kernel.Shape)} was made for {made} channels; got {Format.Named(shape, DataFormat)}. Use a second layer for inputs of another width.");
    }

    private protected virtual int OutputLength(int steps, SymbolicShape shape)
    {
        int span = Fits((KernelSize - 1L) * DilationRate + 1, $"the span of the kernel (kernel size {KernelSize}, dilation rate {DilationRate})");
        if (Padding == Padding.Valid && span > steps)
            throw ShapeError($"the kernel spans {span} steps (kernel size {KernelSize}, dilation rate {DilationRate}), the input {Format.Named(shape, DataFormat)} has {steps}: no output position exists. Use a smaller kernel or padding same.");
        return WindowLength.Of(steps, span, Strides, Padding);
    }

    private void CheckOptions()
    {
        if (Strides > 1 && DilationRate > 1)
            throw ShapeError($"strides {Strides} and dilation rate {DilationRate} are both above 1, which is not defined; set one of them to 1.");
        if (Activation.WorksOnRows && IsChannelsFirst)
            throw ShapeError($"{Activation.Name} works on the last axis, which is not the channels here; expected channels_last, or an Activation layer after a Permute.");
    }
}

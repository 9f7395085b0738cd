using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// What <see cref="LSTMCell"/>, <see cref="GRUCell"/> and <see cref="SimpleRNNCell"/> have in common: a kernel, a recurrent kernel and a bias, with their
/// initializers and rules.
/// </summary>
public abstract class KerasCell : RecurrentCell
{
    private static readonly Initializer StandardKernel = new GlorotUniform();
    private static readonly Initializer StandardRecurrent = new Orthogonal();
    private static readonly Initializer StandardBias = new Zeros();

    private protected KerasCell(int units) => Units = Guard.Positive(units, GetType().Name);

    private protected KerasCell(LayerConfig config)
        : this(config.Int("units"))
    {
        // A cell sees one step and cannot keep one mask for a sequence: a file that asks for it is refused, not read as something else.
        if (config.Double("dropout", 0) > 0 || config.Double("recurrent_dropout", 0) > 0)
            throw new NotSupportedException($"Architecture: {ClassName} '{config.Name}' has dropout, which a cell alone does not do here; use the layer ({ClassName[..^"Cell".Length]}), which does.");
        Activation = config.Activation("activation", Layers.Activation.Tanh);
        UseBias = config.Bool("use_bias", true);
        KernelInitializer = config.Initializer("kernel_initializer", StandardKernel);
        RecurrentInitializer = config.Initializer("recurrent_initializer", StandardRecurrent);
        BiasInitializer = config.Initializer("bias_initializer", StandardBias);
    }

    /// <summary>Size of each state.</summary>
    public int Units { get; }

    /// <summary>Of the candidate and, in an LSTM, of the output: tanh unless set; any, softmax included.</summary>
    public ActivationFunction Activation { get; init => field = value.KeepingShape(GetType().Name); } = Layers.Activation.Tanh;

    /// <summary>False to leave the bias out.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>Draws the kernel: Glorot-uniform unless set.</summary>
    public Initializer KernelInitializer { get; init; } = StandardKernel;

    /// <summary>Draws the recurrent kernel: orthogonal unless set.</summary>
    public Initializer RecurrentInitializer { get; init; } = StandardRecurrent;

    /// <summary>Draws the bias: zeros unless set.</summary>
    public Initializer BiasInitializer { get; init; } = StandardBias;

    /// <summary>Penalises the kernel; none when null.</summary>
    public Regularizer? KernelRegularizer { get => RegularizerOf("kernel"); init => SetRegularizer("kernel", value); }

    /// <summary>Bounds the kernel after each update; none when null.</summary>
    public Constraint? KernelConstraint { get => ConstraintOf("kernel"); init => SetConstraint("kernel", value); }

    /// <summary>Penalises the recurrent kernel; none when null.</summary>
    public Regularizer? RecurrentRegularizer { get => RegularizerOf("recurrent"); init => SetRegularizer("recurrent", value); }

    /// <summary>Bounds the recurrent kernel after each update; none when null.</summary>
    public Constraint? RecurrentConstraint { get => ConstraintOf("recurrent"); init => SetConstraint("recurrent", value); }

    /// <summary>Penalises the bias; none when null.</summary>
    public Regularizer? BiasRegularizer { get => RegularizerOf("bias"); init => SetRegularizer("bias", value); }

    /// <summary>Bounds the bias after each update; none when null.</summary>
    public Constraint? BiasConstraint { get => ConstraintOf("bias"); init => SetConstraint("bias", value); }

    /// <summary>The weights, once built; the bias is null without <see cref="UseBias"/>.</summary>
    private protected (Parameter Kernel, Parameter Recurrent, Parameter? Bias) Weights { get; private set; }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("units", Units);
        config.Set("activation", Activation.ToConfig());
        config.Set("use_bias", UseBias);
        config.SetInitializer("kernel_initializer", KernelInitializer, StandardKernel);
        config.SetInitializer("recurrent_initializer", RecurrentInitializer, StandardRecurrent);
        config.SetInitializer("bias_initializer", BiasInitializer, StandardBias);
    }

    /// <summary>Creates the weights: kernel (features, columns), recurrent kernel (units, columns), bias of its own shape.</summary>
    private protected void AddWeights(int features, int columns, ReadOnlySpan<int> biasShape, Initializer bias)
    {
        Parameter kernel = AddWeight("kernel", [features, columns], KernelInitializer);
        Parameter recurrent = AddWeight("recurrent_kernel", [Units, columns], RecurrentInitializer);
        Weights = (kernel, recurrent, UseBias ? AddWeight("bias", biasShape, bias) : null);
    }

    /// <summary>The columns of one gate.</summary>
    private protected Variable Gate(Variable gates, int index) => VariableOps.Slice(gates, 1, index * Units, Units);
}

using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// What <see cref="LSTM"/>, <see cref="GRU"/> and <see cref="SimpleRNN"/> have in common beyond any recurrent layer: a kernel, a recurrent kernel and a
/// bias, with their initializers and rules, and dropout on their way; a whole sequence is one node.
/// </summary>
public abstract class FusedRecurrentLayer : RecurrentLayer
{
    private static readonly Initializer StandardKernel = new GlorotUniform();
    private static readonly Initializer StandardRecurrent = new Orthogonal();
    private static readonly Initializer StandardBias = new Zeros();

    private protected FusedRecurrentLayer(int units) => Units = Guard.Positive(units, GetType().Name);

    private protected FusedRecurrentLayer(LayerConfig config)
        : this(config.Int("units"))
    {
        Activation = config.Activation("activation", Layers.Activation.Tanh);
        UseBias = config.Bool("use_bias", true);
        Dropout = config.Double("dropout", 0);
        RecurrentDropout = config.Double("recurrent_dropout", 0);
        ReturnSequences = config.Bool("return_sequences", false);
        ReturnState = config.Bool("return_state", false);
        GoBackwards = config.Bool("go_backwards", false);
        Stateful = config.Bool("stateful", false);
        ZeroOutputForMask = config.Bool("zero_output_for_mask", false);
        KernelInitializer = config.Initializer("kernel_initializer", StandardKernel);
        RecurrentInitializer = config.Initializer("recurrent_initializer", StandardRecurrent);
        BiasInitializer = config.Initializer("bias_initializer", StandardBias);
    }

    /// <summary>Size of the state.</summary>
    public int Units { get; }

    /// <summary>Of the candidate and, in an LSTM, of the output: tanh unless set. Element-wise only.</summary>
    public ActivationFunction Activation { get; init; } = Layers.Activation.Tanh;

    /// <summary>False to leave the bias out.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>The share of input features to drop in training: one mask a sequence, the same at every step.</summary>
    public double Dropout { get; init => field = Guard.Rate(value, GetType().Name, "dropout"); }

    /// <summary>The share of state entries to drop in training on their way into the products: one mask a sequence.</summary>
    public double RecurrentDropout { get; init => field = Guard.Rate(value, GetType().Name, "recurrentDropout"); }

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

    private protected override IReadOnlyList<int> StateWidths => [Units];

    private protected override int OutputWidth => Units;

    private protected override IReadOnlyList<string> StateNames => ["h"];

    private protected override int? KnownFeatures => Parameters.Count == 0 ? null : Weights.Kernel.Shape[0];

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("units", Units);
        config.Set("activation", Activation.ToConfig());
        config.Set("use_bias", UseBias);
        config.Set("dropout", Dropout);
        config.Set("recurrent_dropout", RecurrentDropout);
        base.WriteConfig(config);
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
}

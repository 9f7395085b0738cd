using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// A fully connected recurrent layer: <c>h' = activation(x·kernel + h·recurrent_kernel + bias)</c>. Input (batch, steps, features); output (batch, units) after
/// the last step, or (batch, steps, units) with <see cref="RecurrentLayer.ReturnSequences"/>. kernel (features, units), recurrent_kernel (units, units),
/// bias (units).
/// </summary>
/// <remarks>
/// Call it on [sequence] or [sequence, h] with an initial state (batch, units). Gradient: back-propagation through all steps, one node.
/// Source: Elman (1990); Keras 3, <c>keras.layers.SimpleRNN</c>.
/// </remarks>
public sealed class SimpleRNN : RecurrentLayer
{
    private static readonly Initializer StandardKernel = new GlorotUniform();
    private static readonly Initializer StandardRecurrent = new Orthogonal();
    private static readonly Initializer StandardBias = new Zeros();

    private Parameter? _kernel;
    private Parameter? _recurrentKernel;
    private Parameter? _bias;

    /// <summary>Creates the layer.</summary>
    /// <param name="units">Size of the state, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="units"/> is below 1.</exception>
    public SimpleRNN(int units) => Units = Guard.Positive(units, nameof(SimpleRNN));

    /// <summary>Size of the state.</summary>
    public int Units { get; }

    /// <summary>Tanh unless set. Element-wise only.</summary>
    public ActivationFunction Activation { get; init; } = Layers.Activation.Tanh;

    /// <summary>False to leave the bias out.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>The share of input features to drop in training: one mask a sequence, the same at every step.</summary>
    public double Dropout { get; init => field = Guard.Rate(value, nameof(SimpleRNN), "dropout"); }

    /// <summary>The share of state entries to drop in training on their way into the product: one mask a sequence.</summary>
    public double RecurrentDropout { get; init => field = Guard.Rate(value, nameof(SimpleRNN), "recurrentDropout"); }

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

    private protected override IReadOnlyList<int> StateWidths => [Units];

    private protected override int OutputWidth => Units;

    private protected override IReadOnlyList<string> StateNames => ["h"];

    private protected override int? KnownFeatures => _kernel?.Shape[0];

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys; <c>unroll</c> changes nothing here.</param>
    public static SimpleRNN FromConfig(LayerConfig config) => new(config.Int("units"))
    {
        Activation = config.Activation("activation", Layers.Activation.Tanh),
        UseBias = config.Bool("use_bias", true),
        Dropout = config.Double("dropout", 0),
        RecurrentDropout = config.Double("recurrent_dropout", 0),
        ReturnSequences = config.Bool("return_sequences", false),
        ReturnState = config.Bool("return_state", false),
        GoBackwards = config.Bool("go_backwards", false),
        Stateful = config.Bool("stateful", false),
        ZeroOutputForMask = config.Bool("zero_output_for_mask", false),
        KernelInitializer = config.Initializer("kernel_initializer", StandardKernel),
        RecurrentInitializer = config.Initializer("recurrent_initializer", StandardRecurrent),
        BiasInitializer = config.Initializer("bias_initializer", StandardBias),
    };

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        // All steps run inside one kernel: what it cannot fuse is refused here, before any data.
        Activation.Elementwise(nameof(SimpleRNN), "activation");
        _kernel = AddWeight("kernel", [inputShapes[0][2]!.Value, Units], KernelInitializer);
        _recurrentKernel = AddWeight("recurrent_kernel", [Units, Units], RecurrentInitializer);
        if (UseBias)
            _bias = AddWeight("bias", [Units], BiasInitializer);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("units", Units);
        config.Set("activation", Activation.Name);
        config.Set("use_bias", UseBias);
        config.Set("dropout", Dropout);
        config.Set("recurrent_dropout", RecurrentDropout);
        base.WriteConfig(config);
        config.SetInitializer("kernel_initializer", KernelInitializer, StandardKernel);
        config.SetInitializer("recurrent_initializer", RecurrentInitializer, StandardRecurrent);
        config.SetInitializer("bias_initializer", BiasInitializer, StandardBias);
    }

    private protected override (Variable Output, Variable[] States) Run(Variable x, Variable[] initial, Variable? mask, CallContext context)
    {
        x = SequenceDropout.OnInput(x, Dropout, context);
        Variable? recurrentMask = SequenceDropout.StateMask(x.Shape[0], Units, RecurrentDropout, context);
        RecurrentResult result = VariableOps.SimpleRNN(
            x, _kernel!, _recurrentKernel!, _bias, initial.Length > 0 ? initial[0] : null, mask, recurrentMask,
            new SimpleRNNOptions { GoBackwards = GoBackwards, Activation = Activation.FusedKind, ReturnSequences = ReturnSequences });
        return (result.Output, [result.LastH]);
    }
}

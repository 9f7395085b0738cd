using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// A gated recurrent unit. Input (batch, steps, features); output (batch, units) after the last step, or (batch, steps, units) with
/// <see cref="RecurrentLayer.ReturnSequences"/>. In three thirds z, r, h: <c>z, r = recurrent activation of x·kernel + h·recurrent_kernel + bias</c>;
/// candidate <c>activation(x·K_h + b_h + r·(h·R_h + b'_h))</c>, or <c>activation(x·K_h + (r·h)·R_h + b_h)</c> without <see cref="ResetAfter"/>;
/// <c>h' = z·h + (1 − z)·candidate</c>. kernel (features, 3·units), recurrent_kernel (units, 3·units), bias (2, 3·units) with
/// <see cref="ResetAfter"/>, else (3·units).
/// </summary>
/// <remarks>
/// Call it on [sequence] or [sequence, h] with an initial state (batch, units). Gradient: back-propagation through all steps, one node.
/// Source: Cho et al. (2014); Keras 3, <c>keras.layers.GRU</c>.
/// </remarks>
public sealed class GRU : RecurrentLayer
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
    public GRU(int units) => Units = Guard.Positive(units, nameof(GRU));

    /// <summary>Size of the state.</summary>
    public int Units { get; }

    /// <summary>Of the candidate: tanh unless set. Element-wise only.</summary>
    public ActivationFunction Activation { get; init; } = Layers.Activation.Tanh;

    /// <summary>Of the gates: sigmoid unless set. Element-wise only.</summary>
    public ActivationFunction RecurrentActivation { get; init; } = Layers.Activation.Sigmoid;

    /// <summary>False to leave the bias out.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>True to let the reset gate scale the product of state and recurrent kernel, false to let it scale the state before.</summary>
    public bool ResetAfter { get; init; } = true;

    /// <summary>The share of input features to drop in training: one mask a sequence, the same at every step.</summary>
    public double Dropout { get; init => field = Guard.Rate(value, nameof(GRU), "dropout"); }

    /// <summary>The share of state entries to drop in training on their way into the products: one mask a sequence.</summary>
    public double RecurrentDropout { get; init => field = Guard.Rate(value, nameof(GRU), "recurrentDropout"); }

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
    public static GRU FromConfig(LayerConfig config) => new(config.Int("units"))
    {
        Activation = config.Activation("activation", Layers.Activation.Tanh),
        RecurrentActivation = config.Activation("recurrent_activation", Layers.Activation.Sigmoid),
        UseBias = config.Bool("use_bias", true),
        ResetAfter = config.Bool("reset_after", true),
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
        // The gates run inside one kernel: what it cannot fuse is refused here, before any data.
        Activation.Elementwise(nameof(GRU), "activation");
        RecurrentActivation.Elementwise(nameof(GRU), "recurrent activation");
        int columns = Fits(3L * Units, "3 · units");
        _kernel = AddWeight("kernel", [inputShapes[0][2]!.Value, columns], KernelInitializer);
        _recurrentKernel = AddWeight("recurrent_kernel", [Units, columns], RecurrentInitializer);
        if (UseBias)
            _bias = AddWeight("bias", ResetAfter ? [2, columns] : [columns], BiasInitializer);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("units", Units);
        config.Set("activation", Activation.Name);
        config.Set("recurrent_activation", RecurrentActivation.Name);
        config.Set("use_bias", UseBias);
        config.Set("dropout", Dropout);
        config.Set("recurrent_dropout", RecurrentDropout);
        config.Set("reset_after", ResetAfter);
        base.WriteConfig(config);
        config.SetInitializer("kernel_initializer", KernelInitializer, StandardKernel);
        config.SetInitializer("recurrent_initializer", RecurrentInitializer, StandardRecurrent);
        config.SetInitializer("bias_initializer", BiasInitializer, StandardBias);
    }

    private protected override (Variable Output, Variable[] States) Run(Variable x, Variable[] initial, Variable? mask, CallContext context)
    {
        x = SequenceDropout.OnInput(x, Dropout, context);
        Variable? recurrentMask = SequenceDropout.StateMask(x.Shape[0], Units, RecurrentDropout, context);
        RecurrentResult result = VariableOps.GRU(
            x, _kernel!, _recurrentKernel!, _bias, initial.Length > 0 ? initial[0] : null, mask, recurrentMask, new GRUOptions
            {
                ResetAfter = ResetAfter,
                GoBackwards = GoBackwards,
                Activation = Activation.FusedKind,
                RecurrentActivation = RecurrentActivation.FusedKind,
                ReturnSequences = ReturnSequences,
            });
        return (result.Output, [result.LastH]);
    }
}

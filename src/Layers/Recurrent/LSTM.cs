using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// A long short-term memory. Input (batch, steps, features); output (batch, units) after the last step, or (batch, steps, units) with
/// <see cref="RecurrentLayer.ReturnSequences"/>. <c>z = x·kernel + h·recurrent_kernel + bias</c> in four quarters i, f, c, o;
/// <c>c' = f·c + i·activation(z_c)</c>, <c>h' = o·activation(c')</c>, where i, f, o pass the recurrent activation.
/// kernel (features, 4·units), recurrent_kernel (units, 4·units), bias (4·units).
/// </summary>
/// <remarks>
/// Call it on [sequence] or [sequence, h, c] with initial states (batch, units). A masked step leaves the state as it was and
/// repeats the previous output; the mask passes with sequences and ends at the last output. Gradient: back-propagation
/// through all steps, one node. Source: Hochreiter and Schmidhuber (1997), Gers et al. (2000); Keras 3, <c>keras.layers.LSTM</c>.
/// </remarks>
public sealed class LSTM : RecurrentLayer
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
    public LSTM(int units) => Units = Guard.Positive(units, nameof(LSTM));

    /// <summary>Size of the state.</summary>
    public int Units { get; }

    /// <summary>Of the candidate and the output: tanh unless set. Element-wise only.</summary>
    public ActivationFunction Activation { get; init; } = Layers.Activation.Tanh;

    /// <summary>Of the gates: sigmoid unless set. Element-wise only.</summary>
    public ActivationFunction RecurrentActivation { get; init; } = Layers.Activation.Sigmoid;

    /// <summary>False to leave the bias out.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>True to begin with a forget bias of one, which lets gradients pass (Jozefowicz et al., 2015).</summary>
    public bool UnitForgetBias { get; init; } = true;

    /// <summary>The share of input features to drop in training: one mask a sequence, the same at every step.</summary>
    public double Dropout { get; init => field = Guard.Rate(value, nameof(LSTM), "dropout"); }

    /// <summary>The share of state entries to drop in training on their way into the gates: one mask a sequence.</summary>
    public double RecurrentDropout { get; init => field = Guard.Rate(value, nameof(LSTM), "recurrentDropout"); }

    /// <summary>Draws the kernel: Glorot-uniform unless set.</summary>
    public Initializer KernelInitializer { get; init; } = StandardKernel;

    /// <summary>Draws the recurrent kernel: orthogonal unless set.</summary>
    public Initializer RecurrentInitializer { get; init; } = StandardRecurrent;

    /// <summary>Draws the bias: zeros unless set; <see cref="UnitForgetBias"/> then makes the forget quarter ones.</summary>
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

    private protected override IReadOnlyList<int> StateWidths => [Units, Units];

    private protected override int OutputWidth => Units;

    private protected override IReadOnlyList<string> StateNames => ["h", "c"];

    private protected override int? KnownFeatures => _kernel?.Shape[0];

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys; <c>unroll</c> changes nothing here.</param>
    public static LSTM FromConfig(LayerConfig config)
        => new(config.Int("units"))
        {
            Activation = config.Activation("activation", Layers.Activation.Tanh),
            RecurrentActivation = config.Activation("recurrent_activation", Layers.Activation.Sigmoid),
            UseBias = config.Bool("use_bias", true),
            UnitForgetBias = config.Bool("unit_forget_bias", true),
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
        Activation.Elementwise(nameof(LSTM), "activation");
        RecurrentActivation.Elementwise(nameof(LSTM), "recurrent activation");
        int columns = Fits(4L * Units, "4 · units");
        _kernel = AddWeight("kernel", [inputShapes[0][2]!.Value, columns], KernelInitializer);
        _recurrentKernel = AddWeight("recurrent_kernel", [Units, columns], RecurrentInitializer);
        if (UseBias)
            _bias = AddWeight("bias", [columns], UnitForgetBias ? new ForgetBias(BiasInitializer) : BiasInitializer);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("units", Units);
        config.Set("activation", Activation.Name);
        config.Set("recurrent_activation", RecurrentActivation.Name);
        config.Set("use_bias", UseBias);
        config.Set("unit_forget_bias", UnitForgetBias);
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
        (Variable? h0, Variable? c0) = initial.Length > 0 ? (initial[0], initial[1]) : (null, (Variable?)null);
        LSTMResult result = context.Training && RecurrentDropout > 0
            ? UnrolledLSTM.Run(this, x, _kernel!, _recurrentKernel!, _bias, h0, c0, mask, context)
            : VariableOps.LSTM(x, _kernel!, _recurrentKernel!, _bias, h0, c0, mask, new LSTMOptions
            {
                GoBackwards = GoBackwards,
                Activation = Activation.FusedKind,
                RecurrentActivation = RecurrentActivation.FusedKind,
                ReturnSequences = ReturnSequences,
            });
        return (result.Output, [result.LastH, result.LastC]);
    }
}

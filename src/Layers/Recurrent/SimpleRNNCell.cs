using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// One step of a <see cref="SimpleRNN"/>: <c>h' = activation(x·kernel + h·recurrent_kernel + bias)</c>. Input (batch, features), state and output (batch, units).
/// Weights as the layer's. Gradient: that of the operations. In an <see cref="RNN"/> it computes what the layer does, more slowly.
/// Source: Keras 3, <c>keras.layers.SimpleRNNCell</c>.
/// </summary>
public sealed class SimpleRNNCell : RecurrentCell
{
    private static readonly Initializer StandardKernel = new GlorotUniform();
    private static readonly Initializer StandardRecurrent = new Orthogonal();
    private static readonly Initializer StandardBias = new Zeros();

    private Parameter? _kernel;
    private Parameter? _recurrentKernel;
    private Parameter? _bias;

    /// <summary>Creates the cell.</summary>
    /// <param name="units">Size of the state, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="units"/> is below 1.</exception>
    public SimpleRNNCell(int units)
    {
        Units = Guard.Positive(units, nameof(SimpleRNNCell));
        StateSizes = [units];
    }

    /// <summary>Size of the state.</summary>
    public int Units { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes { get; }

    /// <summary>Tanh unless set; any, softmax included.</summary>
    public ActivationFunction Activation { get; init; } = Layers.Activation.Tanh;

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

    /// <summary>Makes the cell from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static SimpleRNNCell FromConfig(LayerConfig config)
    {
        CellConfig.RefuseDropout(nameof(SimpleRNNCell), config);
        return new SimpleRNNCell(config.Int("units"))
        {
            Activation = config.Activation("activation", Layers.Activation.Tanh),
            UseBias = config.Bool("use_bias", true),
            KernelInitializer = config.Initializer("kernel_initializer", StandardKernel),
            RecurrentInitializer = config.Initializer("recurrent_initializer", StandardRecurrent),
            BiasInitializer = config.Initializer("bias_initializer", StandardBias),
        };
    }

    /// <inheritdoc/>
    public override (Variable Output, IReadOnlyList<Variable> States) Step(Variable x, IReadOnlyList<Variable> states, CallContext context)
    {
        Variable fromX = VariableOps.Dense(x, _kernel!, _bias, Kernels.ActivationKind.Linear);
        Variable h = Activation.Apply(fromX + VariableOps.MatMul(states[0], _recurrentKernel!));
        return (h, [h]);
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        _kernel = AddWeight("kernel", [inputShapes[0][1]!.Value, Units], KernelInitializer);
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
        config.SetInitializer("kernel_initializer", KernelInitializer, StandardKernel);
        config.SetInitializer("recurrent_initializer", RecurrentInitializer, StandardRecurrent);
        config.SetInitializer("bias_initializer", BiasInitializer, StandardBias);
    }
}

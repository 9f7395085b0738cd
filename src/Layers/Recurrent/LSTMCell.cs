using FlatFuse.Autograd;
using FlatFuse.Kernels;

namespace FlatFuse.Layers;

/// <summary>
/// One step of an <see cref="LSTM"/>: gates i, f, o and candidate from <c>x·kernel + h·recurrent_kernel + bias</c>, <c>c' = f·c + i·candidate</c>,
/// <c>h' = o·activation(c')</c>. Input (batch, features), states h and c and output (batch, units). Weights as the layer's. Gradient: that of the operations.
/// In an <see cref="RNN"/> it computes what the layer does, more slowly. Source: Keras 3, <c>keras.layers.LSTMCell</c>.
/// </summary>
public sealed class LSTMCell : RecurrentCell
{
    private static readonly Initializer StandardKernel = new GlorotUniform();
    private static readonly Initializer StandardRecurrent = new Orthogonal();
    private static readonly Initializer StandardBias = new Zeros();

    private Parameter? _kernel;
    private Parameter? _recurrentKernel;
    private Parameter? _bias;

    /// <summary>Creates the cell.</summary>
    /// <param name="units">Size of the states, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="units"/> is below 1.</exception>
    public LSTMCell(int units)
    {
        Units = Guard.Positive(units, nameof(LSTMCell));
        StateSizes = [units, units];
    }

    /// <summary>Size of the states.</summary>
    public int Units { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes { get; }

    /// <summary>Of the candidate and the output: tanh unless set.</summary>
    public ActivationFunction Activation { get; init; } = Layers.Activation.Tanh;

    /// <summary>Of the gates: sigmoid unless set.</summary>
    public ActivationFunction RecurrentActivation { get; init; } = Layers.Activation.Sigmoid;

    /// <summary>False to leave the bias out.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>True to begin with a forget bias of one.</summary>
    public bool UnitForgetBias { get; init; } = true;

    /// <summary>Draws the kernel: Glorot-uniform unless set.</summary>
    public Initializer KernelInitializer { get; init; } = StandardKernel;

    /// <summary>Draws the recurrent kernel: orthogonal unless set.</summary>
    public Initializer RecurrentInitializer { get; init; } = StandardRecurrent;

    /// <summary>Draws the bias: zeros unless set; <see cref="UnitForgetBias"/> then makes the forget quarter ones.</summary>
    public Initializer BiasInitializer { get; init; } = StandardBias;

    /// <summary>Makes the cell from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static LSTMCell FromConfig(LayerConfig config)
    {
        CellConfig.RefuseDropout(nameof(LSTMCell), config);
        return new LSTMCell(config.Int("units"))
        {
            Activation = config.Activation("activation", Layers.Activation.Tanh),
            RecurrentActivation = config.Activation("recurrent_activation", Layers.Activation.Sigmoid),
            UseBias = config.Bool("use_bias", true),
            UnitForgetBias = config.Bool("unit_forget_bias", true),
            KernelInitializer = config.Initializer("kernel_initializer", StandardKernel),
            RecurrentInitializer = config.Initializer("recurrent_initializer", StandardRecurrent),
            BiasInitializer = config.Initializer("bias_initializer", StandardBias),
        };
    }

    /// <inheritdoc/>
    public override (Variable Output, IReadOnlyList<Variable> States) Step(Variable x, IReadOnlyList<Variable> states, CallContext context)
    {
        Variable gates = VariableOps.Dense(x, _kernel!, _bias, ActivationKind.Linear) + VariableOps.MatMul(states[0], _recurrentKernel!);
        Variable i = RecurrentActivation.Apply(Part(gates, 0));
        Variable f = RecurrentActivation.Apply(Part(gates, 1));
        Variable candidate = Activation.Apply(Part(gates, 2));
        Variable o = RecurrentActivation.Apply(Part(gates, 3));
        Variable c = f * states[1] + i * candidate;
        Variable h = o * Activation.Apply(c);
        return (h, [h, c]);
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        int columns = Fits(4L * Units, "4 · units");
        _kernel = AddWeight("kernel", [inputShapes[0][1]!.Value, columns], KernelInitializer);
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
        config.SetInitializer("kernel_initializer", KernelInitializer, StandardKernel);
        config.SetInitializer("recurrent_initializer", RecurrentInitializer, StandardRecurrent);
        config.SetInitializer("bias_initializer", BiasInitializer, StandardBias);
    }

    private Variable Part(Variable gates, int index) => VariableOps.Slice(gates, 1, index * Units, Units);
}

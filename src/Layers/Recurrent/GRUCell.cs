using FlatFuse.Autograd;
using FlatFuse.Kernels;

namespace FlatFuse.Layers;

/// <summary>
/// One step of a <see cref="GRU"/>: <c>z, r = recurrent activation of x·kernel + h·recurrent_kernel + bias</c>, the candidate with the reset gate after or before the
/// product, <c>h' = z·h + (1 − z)·candidate</c>. Input (batch, features), state and output (batch, units). Weights as the layer's. Gradient: that of the operations.
/// In an <see cref="RNN"/> it computes what the layer does, more slowly. Source: Keras 3, <c>keras.layers.GRUCell</c>.
/// </summary>
public sealed class GRUCell : RecurrentCell
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
    public GRUCell(int units)
    {
        Units = Guard.Positive(units, nameof(GRUCell));
        StateSizes = [units];
    }

    /// <summary>Size of the state.</summary>
    public int Units { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes { get; }

    /// <summary>Of the candidate: tanh unless set.</summary>
    public ActivationFunction Activation { get; init; } = Layers.Activation.Tanh;

    /// <summary>Of the gates: sigmoid unless set.</summary>
    public ActivationFunction RecurrentActivation { get; init; } = Layers.Activation.Sigmoid;

    /// <summary>False to leave the bias out.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>True to let the reset gate scale the product of state and recurrent kernel, false to let it scale the state before.</summary>
    public bool ResetAfter { get; init; } = true;

    /// <summary>Draws the kernel: Glorot-uniform unless set.</summary>
    public Initializer KernelInitializer { get; init; } = StandardKernel;

    /// <summary>Draws the recurrent kernel: orthogonal unless set.</summary>
    public Initializer RecurrentInitializer { get; init; } = StandardRecurrent;

    /// <summary>Draws the bias: zeros unless set.</summary>
    public Initializer BiasInitializer { get; init; } = StandardBias;

    /// <summary>Makes the cell from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static GRUCell FromConfig(LayerConfig config)
    {
        CellConfig.RefuseDropout(nameof(GRUCell), config);
        return new GRUCell(config.Int("units"))
        {
            Activation = config.Activation("activation", Layers.Activation.Tanh),
            RecurrentActivation = config.Activation("recurrent_activation", Layers.Activation.Sigmoid),
            UseBias = config.Bool("use_bias", true),
            ResetAfter = config.Bool("reset_after", true),
            KernelInitializer = config.Initializer("kernel_initializer", StandardKernel),
            RecurrentInitializer = config.Initializer("recurrent_initializer", StandardRecurrent),
            BiasInitializer = config.Initializer("bias_initializer", StandardBias),
        };
    }

    /// <inheritdoc/>
    public override (Variable Output, IReadOnlyList<Variable> States) Step(Variable x, IReadOnlyList<Variable> states, CallContext context)
    {
        Variable h = states[0];
        Variable? inputBias = _bias, stateBias = null;
        if (_bias is not null && ResetAfter)
        {
            Variable bias = VariableOps.InContext(_bias, context);
            inputBias = VariableOps.Reshape(VariableOps.Slice(bias, 0, 0, 1), 3 * Units);
            stateBias = VariableOps.Reshape(VariableOps.Slice(bias, 0, 1, 1), 3 * Units);
        }
        Variable fromX = VariableOps.Dense(x, _kernel!, inputBias, ActivationKind.Linear);
        Variable recurrent = VariableOps.InContext(_recurrentKernel!, context);
        Variable fromH = ResetAfter
            ? VariableOps.Dense(h, recurrent, stateBias, ActivationKind.Linear)
            : VariableOps.MatMul(h, VariableOps.Slice(recurrent, 1, 0, 2 * Units));
        Variable z = RecurrentActivation.Apply(Part(fromX, 0) + Part(fromH, 0));
        Variable r = RecurrentActivation.Apply(Part(fromX, 1) + Part(fromH, 1));
        Variable reset = ResetAfter ? r * Part(fromH, 2) : VariableOps.MatMul(r * h, VariableOps.Slice(recurrent, 1, 2 * Units, Units));
        Variable candidate = Activation.Apply(Part(fromX, 2) + reset);
        Variable next = z * h + (1f - z) * candidate;
        return (next, [next]);
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        int columns = Fits(3L * Units, "3 · units");
        _kernel = AddWeight("kernel", [inputShapes[0][1]!.Value, columns], KernelInitializer);
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
        config.Set("reset_after", ResetAfter);
        config.SetInitializer("kernel_initializer", KernelInitializer, StandardKernel);
        config.SetInitializer("recurrent_initializer", RecurrentInitializer, StandardRecurrent);
        config.SetInitializer("bias_initializer", BiasInitializer, StandardBias);
    }

    private Variable Part(Variable gates, int index) => VariableOps.Slice(gates, 1, index * Units, Units);
}

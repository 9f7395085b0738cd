using FlatFuse.Autograd;
using FlatFuse.Kernels;

namespace FlatFuse.Layers;

/// <summary>
/// One step of an <see cref="LSTM"/>: gates i, f, o and candidate from <c>x·kernel + h·recurrent_kernel + bias</c>, <c>c' = f·c + i·candidate</c>,
/// <c>h' = o·activation(c')</c>. Input (batch, features), states h and c and output (batch, units). Weights as the layer's. Gradient: that of the operations.
/// In an <see cref="RNN"/> it computes what the layer does, more slowly. Source: Keras 3, <c>keras.layers.LSTMCell</c>.
/// </summary>
public sealed class LSTMCell : KerasCell
{
    /// <summary>Creates the cell.</summary>
    /// <param name="units">Size of the states, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="units"/> is below 1.</exception>
    public LSTMCell(int units)
        : base(units)
    {
    }

    private LSTMCell(LayerConfig config)
        : base(config)
    {
        RecurrentActivation = config.Activation("recurrent_activation", Layers.Activation.Sigmoid);
        UnitForgetBias = config.Bool("unit_forget_bias", true);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes => [Units, Units];

    /// <summary>Of the gates: sigmoid unless set.</summary>
    public ActivationFunction RecurrentActivation { get; init => field = value.KeepingShape(nameof(LSTMCell)); } = Layers.Activation.Sigmoid;

    /// <summary>True to begin with a forget bias of one.</summary>
    public bool UnitForgetBias { get; init; } = true;

    /// <summary>Makes the cell from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static LSTMCell FromConfig(LayerConfig config) => new(config);

    /// <inheritdoc/>
    public override (Variable Output, IReadOnlyList<Variable> States) Step(Variable x, IReadOnlyList<Variable> states, CallContext context)
    {
        Variable gates = VariableOps.Dense(x, Weights.Kernel, Weights.Bias, ActivationKind.Linear) + VariableOps.MatMul(states[0], Weights.Recurrent);
        Variable i = RecurrentActivation.Apply(Gate(gates, 0));
        Variable f = RecurrentActivation.Apply(Gate(gates, 1));
        Variable candidate = Activation.Apply(Gate(gates, 2));
        Variable o = RecurrentActivation.Apply(Gate(gates, 3));
        Variable c = f * states[1] + i * candidate;
        Variable h = o * Activation.Apply(c);
        return (h, [h, c]);
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        int columns = Fits(4L * Units, "4 · units");
        AddWeights(inputShapes[0][1]!.Value, columns, [columns], UnitForgetBias ? new ForgetBias(BiasInitializer) : BiasInitializer);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        base.WriteConfig(config);
        config.Set("recurrent_activation", RecurrentActivation.ToConfig());
        config.Set("unit_forget_bias", UnitForgetBias);
    }
}

using FlatFuse.Autograd;
using FlatFuse.Kernels;

namespace FlatFuse.Layers;

/// <summary>
/// One step of a <see cref="GRU"/>: <c>z, r = recurrent activation of x·kernel + h·recurrent_kernel + bias</c>, the candidate with the reset gate after or before the
/// product, <c>h' = z·h + (1 − z)·candidate</c>. Input (batch, features), state and output (batch, units). Weights as the layer's. Gradient: that of the operations.
/// In an <see cref="RNN"/> it computes what the layer does, more slowly. Source: Keras 3, <c>keras.layers.GRUCell</c>.
/// </summary>
public sealed class GRUCell : KerasCell
{
    /// <summary>Creates the cell.</summary>
    /// <param name="units">Size of the state, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="units"/> is below 1.</exception>
    public GRUCell(int units)
        : base(units)
    {
    }

    private GRUCell(LayerConfig config)
        : base(config)
    {
        RecurrentActivation = config.Activation("recurrent_activation", Layers.Activation.Sigmoid);
        ResetAfter = config.Bool("reset_after", true);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes => [Units];

    /// <summary>Of the gates: sigmoid unless set.</summary>
    public ActivationFunction RecurrentActivation { get; init => field = value.KeepingShape(nameof(GRUCell)); } = Layers.Activation.Sigmoid;

    /// <summary>True to let the reset gate scale the product of state and recurrent kernel, false to let it scale the state before.</summary>
    public bool ResetAfter { get; init; } = true;

    /// <summary>Makes the cell from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static GRUCell FromConfig(LayerConfig config) => new(config);

    /// <inheritdoc/>
    public override (Variable Output, IReadOnlyList<Variable> States) Step(Variable x, IReadOnlyList<Variable> states, CallContext context)
    {
        Variable h = states[0];
        Variable? inputBias = Weights.Bias, stateBias = null;
        if (Weights.Bias is not null && ResetAfter)
        {
            Variable bias = VariableOps.InContext(Weights.Bias, context);
            inputBias = VariableOps.Reshape(VariableOps.Slice(bias, 0, 0, 1), 3 * Units);
            stateBias = VariableOps.Reshape(VariableOps.Slice(bias, 0, 1, 1), 3 * Units);
        }
        Variable fromX = VariableOps.Dense(x, Weights.Kernel, inputBias, ActivationKind.Linear);
        Variable recurrent = VariableOps.InContext(Weights.Recurrent, context);
        Variable fromH = ResetAfter
            ? VariableOps.Dense(h, recurrent, stateBias, ActivationKind.Linear)
            : VariableOps.MatMul(h, VariableOps.Slice(recurrent, 1, 0, 2 * Units));
        Variable z = RecurrentActivation.Apply(Gate(fromX, 0) + Gate(fromH, 0));
        Variable r = RecurrentActivation.Apply(Gate(fromX, 1) + Gate(fromH, 1));
        Variable reset = ResetAfter ? r * Gate(fromH, 2) : VariableOps.MatMul(r * h, VariableOps.Slice(recurrent, 1, 2 * Units, Units));
        Variable candidate = Activation.Apply(Gate(fromX, 2) + reset);
        Variable next = z * h + (1f - z) * candidate;
        return (next, [next]);
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        int columns = Fits(3L * Units, "3 · units");
        AddWeights(inputShapes[0][1]!.Value, columns, ResetAfter ? [2, columns] : [columns], BiasInitializer);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        base.WriteConfig(config);
        config.Set("recurrent_activation", RecurrentActivation.ToConfig());
        config.Set("reset_after", ResetAfter);
    }
}

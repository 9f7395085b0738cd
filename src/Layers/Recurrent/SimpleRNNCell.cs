using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// One step of a <see cref="SimpleRNN"/>: <c>h' = activation(x·kernel + h·recurrent_kernel + bias)</c>. Input (batch, features), state and output (batch, units).
/// Weights as the layer's. Gradient: that of the operations. In an <see cref="RNN"/> it computes what the layer does, more slowly.
/// Source: Keras 3, <c>keras.layers.SimpleRNNCell</c>.
/// </summary>
public sealed class SimpleRNNCell : KerasCell
{
    /// <summary>Creates the cell.</summary>
    /// <param name="units">Size of the state, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="units"/> is below 1.</exception>
    public SimpleRNNCell(int units)
        : base(units)
    {
    }

    private SimpleRNNCell(LayerConfig config)
        : base(config)
    {
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes => [Units];

    /// <summary>Makes the cell from its configuration.</summary>
    /// <param name="config">Keras's keys.</param>
    public static SimpleRNNCell FromConfig(LayerConfig config) => new(config);

    /// <inheritdoc/>
    public override (Variable Output, IReadOnlyList<Variable> States) Step(Variable x, IReadOnlyList<Variable> states, CallContext context)
    {
        Variable fromX = VariableOps.Dense(x, Weights.Kernel, Weights.Bias, Kernels.ActivationKind.Linear);
        Variable h = Activation.Apply(fromX + VariableOps.MatMul(states[0], Weights.Recurrent));
        return (h, [h]);
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        AddWeights(inputShapes[0][1]!.Value, Units, [Units], BiasInitializer);
    }
}

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
public sealed class SimpleRNN : FusedRecurrentLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="units">Size of the state, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="units"/> is below 1.</exception>
    public SimpleRNN(int units)
        : base(units)
    {
    }

    private SimpleRNN(LayerConfig config)
        : base(config)
    {
    }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys; <c>unroll</c> changes nothing here.</param>
    public static SimpleRNN FromConfig(LayerConfig config) => new(config);

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        // All steps run inside one kernel: what it cannot fuse is refused here, before any data.
        Activation.Elementwise(nameof(SimpleRNN), "activation");
        AddWeights(inputShapes[0][2]!.Value, Units, [Units], BiasInitializer);
    }

    private protected override (Variable Output, Variable[] States) Run(Variable x, Variable[] initial, Variable? mask, CallContext context)
    {
        x = SequenceDropout.OnInput(x, Dropout, context);
        Variable? recurrentMask = SequenceDropout.StateMask(x.Shape[0], Units, RecurrentDropout, context);
        RecurrentResult result = VariableOps.SimpleRNN(
            x, Weights.Kernel, Weights.Recurrent, Weights.Bias, initial.Length > 0 ? initial[0] : null, mask, recurrentMask,
            new SimpleRNNOptions { GoBackwards = GoBackwards, Activation = Activation.FusedKind, ReturnSequences = ReturnSequences });
        return (result.Output, [result.LastH]);
    }
}

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
public sealed class GRU : FusedRecurrentLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="units">Size of the state, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="units"/> is below 1.</exception>
    public GRU(int units)
        : base(units)
    {
    }

    private GRU(LayerConfig config)
        : base(config)
    {
        RecurrentActivation = config.Activation("recurrent_activation", Layers.Activation.Sigmoid);
        ResetAfter = config.Bool("reset_after", true);
    }

    /// <summary>Of the gates: sigmoid unless set. Element-wise only.</summary>
    public ActivationFunction RecurrentActivation { get; init; } = Layers.Activation.Sigmoid;

    /// <summary>True to let the reset gate scale the product of state and recurrent kernel, false to let it scale the state before.</summary>
    public bool ResetAfter { get; init; } = true;

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys; <c>unroll</c> changes nothing here.</param>
    public static GRU FromConfig(LayerConfig config) => new(config);

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        // The gates run inside one kernel: what it cannot fuse is refused here, before any data.
        Activation.Elementwise(nameof(GRU), "activation");
        RecurrentActivation.Elementwise(nameof(GRU), "recurrent activation");
        int columns = Fits(3L * Units, "3 · units");
        AddWeights(inputShapes[0][2]!.Value, columns, ResetAfter ? [2, columns] : [columns], BiasInitializer);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        base.WriteConfig(config);
        config.Set("recurrent_activation", RecurrentActivation.ToConfig());
        config.Set("reset_after", ResetAfter);
    }

    private protected override (Variable Output, Variable[] States) Run(Variable x, Variable[] initial, Variable? mask, CallContext context)
    {
        x = SequenceDropout.OnInput(x, Dropout, context);
        Variable? recurrentMask = SequenceDropout.StateMask(x.Shape[0], Units, RecurrentDropout, context);
        RecurrentResult result = VariableOps.GRU(
            x, Weights.Kernel, Weights.Recurrent, Weights.Bias, initial.Length > 0 ? initial[0] : null, mask, recurrentMask, new GRUOptions
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

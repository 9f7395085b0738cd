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
public sealed class LSTM : FusedRecurrentLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="units">Size of the state, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="units"/> is below 1.</exception>
    public LSTM(int units)
        : base(units)
    {
    }

    private LSTM(LayerConfig config)
        : base(config)
    {
        RecurrentActivation = config.Activation("recurrent_activation", Layers.Activation.Sigmoid);
        UnitForgetBias = config.Bool("unit_forget_bias", true);
    }

    /// <summary>Of the gates: sigmoid unless set. Element-wise only.</summary>
    public ActivationFunction RecurrentActivation { get; init; } = Layers.Activation.Sigmoid;

    /// <summary>True to begin with a forget bias of one, which lets gradients pass (Jozefowicz et al., 2015).</summary>
    public bool UnitForgetBias { get; init; } = true;

    private protected override IReadOnlyList<int> StateWidths => [Units, Units];

    private protected override IReadOnlyList<string> StateNames => ["h", "c"];

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys; <c>unroll</c> changes nothing here.</param>
    public static LSTM FromConfig(LayerConfig config) => new(config);

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        // The gates run inside one kernel: what it cannot fuse is refused here, before any data.
        Activation.Elementwise(nameof(LSTM), "activation");
        RecurrentActivation.Elementwise(nameof(LSTM), "recurrent activation");
        int columns = Fits(4L * Units, "4 · units");
        AddWeights(inputShapes[0][2]!.Value, columns, [columns], UnitForgetBias ? new ForgetBias(BiasInitializer) : BiasInitializer);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        base.WriteConfig(config);
        config.Set("recurrent_activation", RecurrentActivation.ToConfig());
        config.Set("unit_forget_bias", UnitForgetBias);
    }

    private protected override (Variable Output, Variable[] States) Run(Variable x, Variable[] initial, Variable? mask, CallContext context)
    {
        x = SequenceDropout.OnInput(x, Dropout, context);
        (Variable? h0, Variable? c0) = initial.Length > 0 ? (initial[0], initial[1]) : (null, (Variable?)null);
        LSTMResult result = context.Training && RecurrentDropout > 0
            ? UnrolledLSTM.Run(this, x, Weights.Kernel, Weights.Recurrent, Weights.Bias, h0, c0, mask, context)
            : VariableOps.LSTM(x, Weights.Kernel, Weights.Recurrent, Weights.Bias, h0, c0, mask, new LSTMOptions
            {
                GoBackwards = GoBackwards,
                Activation = Activation.FusedKind,
                RecurrentActivation = RecurrentActivation.FusedKind,
                ReturnSequences = ReturnSequences,
            });
        return (result.Output, [result.LastH, result.LastC]);
    }
}

using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// What all recurrent layers have in common: a sequence (batch, steps, features) goes in, optionally with initial states; the last output or all of them come
/// out, optionally with the last states. Masked steps leave the states as they were.
/// </summary>
/// <remarks>
/// A masked step repeats the previous output, zeros before the first real step, or gives zeros with <see cref="ZeroOutputForMask"/>. The mask passes
/// with <see cref="ReturnSequences"/> and ends at the last output. Source: Keras 3, <c>keras.layers.RNN</c>.
/// </remarks>
public abstract class RecurrentLayer : Layer
{
    private RecurrentState[]? _states;
    private bool _zeroOutputForMask;

    private protected RecurrentLayer()
    {
    }

    /// <summary>True to return the output of every step.</summary>
    public bool ReturnSequences { get; init; }

    /// <summary>True to return the last states as further outputs.</summary>
    public bool ReturnState { get; init; }

    /// <summary>True to process the last step first; sequences come in the order of processing.</summary>
    public bool GoBackwards { get; init; }

    /// <summary>
    /// True to begin each call with the state that the previous call ended with, sample by sample: batches of one size only.
    /// Gradients stop at the call; <see cref="ResetState"/> begins anew.
    /// </summary>
    public bool Stateful { get; init; }

    /// <summary>True to give zeros at masked steps of sequences instead of the previous output; always so inside <see cref="Bidirectional"/>.</summary>
    public bool ZeroOutputForMask
    {
        get => _zeroOutputForMask;
        init => _zeroOutputForMask = value;
    }

    internal override bool KeepsState => Stateful || base.KeepsState;

    /// <summary>False when the layer holds code of its user, which has no configuration to make a second one from.</summary>
    internal virtual bool CanBeCopied => true;

    /// <summary>The states' widths, in their order; the first call reads them.</summary>
    private protected abstract IReadOnlyList<int> StateWidths { get; }

    /// <summary>The width of the output.</summary>
    private protected abstract int OutputWidth { get; }

    /// <summary>What a state is called in messages.</summary>
    private protected abstract IReadOnlyList<string> StateNames { get; }

    /// <summary>Features that the weights were made for; null before.</summary>
    private protected abstract int? KnownFeatures { get; }

    /// <summary>Lets a stateful layer begin its next call with zeros.</summary>
    public void ResetState()
    {
        foreach (RecurrentState state in _states ?? [])
            state.Reset();
    }

    /// <summary>Copies a stateful layer's present state aside, for <see cref="GiveStateBack"/>.</summary>
    internal void KeepState()
    {
        foreach (RecurrentState state in _states ?? [])
            state.Keep();
    }

    /// <summary>Lets the next call begin as if none had run since <see cref="KeepState"/>.</summary>
    internal void GiveStateBack()
    {
        foreach (RecurrentState state in _states ?? [])
            state.GiveBack();
    }

    internal override void ForgetState()
    {
        ResetState();
        base.ForgetState();
    }

    internal void ForceZeroOutputForMask() => _zeroOutputForMask = ReturnSequences;

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        int states = StateWidths.Count;
        if (inputShapes.Count != 1 && inputShapes.Count != states + 1)
            throw ShapeError($"expected one input (batch, steps, features), or {CountText(states + 1)}: the sequence and the initial state{(states == 1 ? "" : "s")} {string.Join(" and ", StateNames)}; got {inputShapes.Count}.");
        SymbolicShape shape = inputShapes[0];
        if (shape.Rank != 3)
            throw ShapeError($"expected rank 3 (batch, steps, features); got {shape}, rank {shape.Rank}. {RankFix(shape)}");
        if (shape[2] is not { } features)
            throw ShapeError($"the features of {ShapeText.Named(shape, "batch", "steps", "features")} are undefined, but the kernel has a row for each. Give the input a defined last axis.");
        if (KnownFeatures is { } known && known != features)
            throw ShapeError($"its kernel was made for {known} features; got {ShapeText.Named(shape, "batch", "steps", "features")}. Use a second {ClassName} for inputs of another width.");
        for (int i = 1; i < inputShapes.Count; i++)
        {
            var expected = new SymbolicShape(shape[0], StateWidths[i - 1]);
            if (!inputShapes[i].IsCompatibleWith(expected))
                throw ShapeError($"the initial state {StateNames[i - 1]} is {inputShapes[i]}; expected {expected} = (batch, units).");
        }
        return ReturnSequences ? shape.With(2, OutputWidth) : new SymbolicShape(shape[0], OutputWidth);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<SymbolicShape> ComputeOutputShapes(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape output = ComputeOutputShape(inputShapes);
        return ReturnState ? [output, .. StateWidths.Select(width => new SymbolicShape(output[0], width))] : [output];
    }

    /// <inheritdoc/>
    protected sealed override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context) => CallMany(inputs, context)[0];

    /// <inheritdoc/>
    protected sealed override IReadOnlyList<LayerValue> CallMany(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        Variable? mask = inputs[0].Mask;
        Variable[] initial = InitialStates(inputs, context);
        (Variable output, Variable[] states) = Run(x, initial, mask, context);
        for (int i = 0; i < states.Length && Stateful; i++)
            _states![i].Write(Name, states[i], context);
        if (mask is not null && x.Shape[1] > 0)
            output = AtMaskedSteps(output, mask, initial.Length > 0, context);
        var value = new LayerValue(output, ReturnSequences ? mask : null);
        return ReturnState ? [value, .. states.Select(state => (LayerValue)state)] : [value];
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("return_sequences", ReturnSequences);
        config.Set("return_state", ReturnState);
        config.Set("go_backwards", GoBackwards);
        config.Set("stateful", Stateful);
        config.Set("unroll", false);
        if (ZeroOutputForMask)
            config.Set("zero_output_for_mask", true);
    }

    /// <summary>Computes all steps.</summary>
    /// <param name="x">(batch, steps, features).</param>
    /// <param name="initial">The initial states, or none for zeros.</param>
    /// <param name="mask">(batch, steps), or null. At masked steps of the sequences the output is the previous one or the state.</param>
    /// <param name="context">Training flag and random keys.</param>
    private protected abstract (Variable Output, Variable[] States) Run(Variable x, Variable[] initial, Variable? mask, CallContext context);

    private static string CountText(int count) => count switch
    {
        2 => "two",
        3 => "three",
        _ => $"{count}",
    };

    private static string RankFix(SymbolicShape shape) => shape.Rank switch
    {
        2 when shape[1] is { } size => $"Add Reshape([1, {size}]) in front to see it as one step of {size} features, leave out a Flatten before it, or wrap what comes before in TimeDistributed so that the steps remain.",
        2 => "Add an Embedding in front if these are ids, or Reshape([steps, features]).",
        > 3 => "Wrap the layers before it in TimeDistributed with a Flatten, or Reshape([steps, features]).",
        _ => "Give the input the shape [steps, features].",
    };

    private Variable[] InitialStates(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        if (inputs.Length == 1 && !Stateful)
            return [];
        if (Stateful)
            _states ??= [.. StateWidths.Select(_ => new RecurrentState())];
        var initial = new Variable[StateWidths.Count];
        int batch = inputs[0].Variable.Shape[0];
        for (int i = 0; i < initial.Length; i++)
            initial[i] = inputs.Length > 1 ? inputs[i + 1].Variable : _states![i].Read(Name, batch, StateWidths[i], context);
        return initial;
    }

    // The kernels give the state at a masked step: that is the previous output, but for the steps before the first real one when an
    // initial state was given.
    private Variable AtMaskedSteps(Variable output, Variable mask, bool hasInitial, CallContext context)
    {
        if (ReturnSequences && ZeroOutputForMask)
        {
            Variable inOrder = GoBackwards ? VariableOps.Flip(mask, 1) : mask;
            return output * VariableOps.Reshape(inOrder, mask.Shape[0], mask.Shape[1], 1);
        }
        if (!hasInitial)
            return output;
        return ReturnSequences
            ? output * VariableOps.Reshape(SeenMask.Of(mask, GoBackwards, context), mask.Shape[0], mask.Shape[1], 1)
            : output * VariableOps.Max(mask, 1, keepDims: true);
    }
}

using FlatFuse.Autograd;
using FlatFuse.Kernels;

namespace FlatFuse.Layers;

/// <summary>
/// A long short-term memory. Input (batch, steps, features); output (batch, units) after the last step, or (batch, steps, units) with
/// <see cref="ReturnSequences"/>. <c>z = x·kernel + h·recurrent_kernel + bias</c> in four quarters i, f, c, o;
/// <c>c' = f·c + i·activation(z_c)</c>, <c>h' = o·activation(c')</c>, where i, f, o pass the recurrent activation.
/// kernel (features, 4·units), recurrent_kernel (units, 4·units), bias (4·units).
/// </summary>
/// <remarks>
/// Call it on [sequence] or [sequence, h, c] with initial states (batch, units). A masked step leaves the state as it was and
/// repeats the previous output; the mask passes with sequences and ends at the last output. Gradient: back-propagation
/// through all steps, one node. Source: Hochreiter and Schmidhuber (1997), Gers et al. (2000); Keras 3, <c>keras.layers.LSTM</c>.
/// </remarks>
public sealed class LSTM : Layer
{
    private static readonly Initializer StandardKernel = new GlorotUniform();
    private static readonly Initializer StandardRecurrent = new Orthogonal();
    private static readonly Initializer StandardBias = new Zeros();

    private readonly RecurrentState _h = new();
    private readonly RecurrentState _c = new();
    private Parameter? _kernel;
    private Parameter? _recurrentKernel;
    private Parameter? _bias;

    /// <summary>Creates the layer.</summary>
    /// <param name="units">Size of the state, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="units"/> is below 1.</exception>
    public LSTM(int units) => Units = Guard.Positive(units, nameof(LSTM));

    /// <summary>Size of the state.</summary>
    public int Units { get; }

    /// <summary>Of the candidate and the output: tanh unless set. Element-wise only.</summary>
    public ActivationFunction Activation { get; init; } = Layers.Activation.Tanh;

    /// <summary>Of the gates: sigmoid unless set. Element-wise only.</summary>
    public ActivationFunction RecurrentActivation { get; init; } = Layers.Activation.Sigmoid;

    /// <summary>False to leave the bias out.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>True to begin with a forget bias of one, which lets gradients pass (Jozefowicz et al., 2015).</summary>
    public bool UnitForgetBias { get; init; } = true;

    /// <summary>True to return the output of every step.</summary>
    public bool ReturnSequences { get; init; }

    /// <summary>True to return the last h and c as second and third output.</summary>
    public bool ReturnState { get; init; }

    /// <summary>True to process the last step first; sequences come in the order of processing.</summary>
    public bool GoBackwards { get; init; }

    /// <summary>
    /// True to begin each call with the state that the previous call ended with, sample by sample: batches of one size only.
    /// Gradients stop at the call; <see cref="ResetState"/> begins anew.
    /// </summary>
    public bool Stateful { get; init; }

    /// <summary>The share of input features to drop in training: one mask a sequence, the same at every step.</summary>
    public double Dropout { get; init => field = Guard.Rate(value, nameof(LSTM), "dropout"); }

    /// <summary>The share of state entries to drop in training on their way into the gates: one mask a sequence.</summary>
    public double RecurrentDropout { get; init => field = Guard.Rate(value, nameof(LSTM), "recurrentDropout"); }

    /// <summary>Draws the kernel: Glorot-uniform unless set.</summary>
    public Initializer KernelInitializer { get; init; } = StandardKernel;

    /// <summary>Draws the recurrent kernel: orthogonal unless set.</summary>
    public Initializer RecurrentInitializer { get; init; } = StandardRecurrent;

    /// <summary>Draws the bias: zeros unless set; <see cref="UnitForgetBias"/> then makes the forget quarter ones.</summary>
    public Initializer BiasInitializer { get; init; } = StandardBias;

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys; <c>unroll</c> changes nothing here.</param>
    public static LSTM FromConfig(LayerConfig config)
        => new(config.Int("units"))
        {
            Activation = config.Activation("activation", Layers.Activation.Tanh),
            RecurrentActivation = config.Activation("recurrent_activation", Layers.Activation.Sigmoid),
            UseBias = config.Bool("use_bias", true),
            UnitForgetBias = config.Bool("unit_forget_bias", true),
            Dropout = config.Double("dropout", 0),
            RecurrentDropout = config.Double("recurrent_dropout", 0),
            ReturnSequences = config.Bool("return_sequences", false),
            ReturnState = config.Bool("return_state", false),
            GoBackwards = config.Bool("go_backwards", false),
            Stateful = config.Bool("stateful", false),
            KernelInitializer = config.Initializer("kernel_initializer", StandardKernel),
            RecurrentInitializer = config.Initializer("recurrent_initializer", StandardRecurrent),
            BiasInitializer = config.Initializer("bias_initializer", StandardBias),
        };

    /// <summary>Lets a stateful layer begin its next call with zeros.</summary>
    public void ResetState()
    {
        _h.Reset();
        _c.Reset();
    }

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        if (inputShapes.Count is not (1 or 3))
            throw ShapeError($"expected one input (batch, steps, features), or three: the sequence and the initial states h and c; got {inputShapes.Count}.");
        SymbolicShape shape = inputShapes[0];
        if (shape.Rank != 3)
            throw ShapeError($"expected rank 3 (batch, steps, features); got {shape}, rank {shape.Rank}. {RankFix(shape)}");
        if (shape[2] is not { } features)
            throw ShapeError($"the features of {ShapeText.Named(shape, "batch", "steps", "features")} are undefined, but the kernel has a row for each. Give the input a defined last axis.");
        if (_kernel is not null && _kernel.Shape[0] != features)
            throw ShapeError($"its kernel {Tensors.Shapes.Format(_kernel.Shape)} was made for {_kernel.Shape[0]} features; got {ShapeText.Named(shape, "batch", "steps", "features")}. Use a second LSTM for inputs of another width.");
        for (int i = 1; i < inputShapes.Count; i++)
        {
            if (!inputShapes[i].IsCompatibleWith(new SymbolicShape(shape[0], Units)))
                throw ShapeError($"the initial state {(i == 1 ? "h" : "c")} is {inputShapes[i]}; expected {new SymbolicShape(shape[0], Units)} = (batch, units).");
        }
        return ReturnSequences ? shape.With(2, Units) : new SymbolicShape(shape[0], Units);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<SymbolicShape> ComputeOutputShapes(IReadOnlyList<SymbolicShape> inputShapes)
    {
        SymbolicShape output = ComputeOutputShape(inputShapes);
        var state = new SymbolicShape(output[0], Units);
        return ReturnState ? [output, state, state] : [output];
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        // The gates run inside one kernel: what it cannot fuse is refused here, before any data.
        Activation.Elementwise(nameof(LSTM), "activation");
        RecurrentActivation.Elementwise(nameof(LSTM), "recurrent activation");
        _kernel = AddWeight("kernel", [inputShapes[0][2]!.Value, 4 * Units], KernelInitializer);
        _recurrentKernel = AddWeight("recurrent_kernel", [Units, 4 * Units], RecurrentInitializer);
        if (UseBias)
            _bias = AddWeight("bias", [4 * Units], UnitForgetBias ? new ForgetBias(BiasInitializer) : BiasInitializer);
    }

    internal override bool KeepsState => Stateful;

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context) => CallMany(inputs, context)[0];

    /// <inheritdoc/>
    protected override IReadOnlyList<LayerValue> CallMany(ReadOnlySpan<LayerValue> inputs, CallContext context)
    {
        Variable x = inputs[0].Variable;
        Variable? mask = inputs[0].Mask;
        if (context.Training && Dropout > 0)
            x = VariableOps.Dropout(x, Dropout, context.DrawKey(), [x.Shape[0], 1, x.Shape[2]]);
        Variable? h0 = inputs.Length > 1 ? inputs[1].Variable : null;
        Variable? c0 = inputs.Length > 1 ? inputs[2].Variable : null;
        if (Stateful && h0 is null)
        {
            h0 = _h.Read(Name, x.Shape[0], Units, context);
            c0 = _c.Read(Name, x.Shape[0], Units, context);
        }
        LSTMResult result = Run(x, h0, c0, mask, context);
        if (Stateful)
        {
            _h.Write(Name, result.LastH, context);
            _c.Write(Name, result.LastC, context);
        }
        var output = new LayerValue(result.Output, ReturnSequences ? mask : null);
        return ReturnState ? [output, result.LastH, result.LastC] : [output];
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("units", Units);
        config.Set("activation", Activation.Name);
        config.Set("recurrent_activation", RecurrentActivation.Name);
        config.Set("use_bias", UseBias);
        config.Set("unit_forget_bias", UnitForgetBias);
        config.Set("dropout", Dropout);
        config.Set("recurrent_dropout", RecurrentDropout);
        config.Set("return_sequences", ReturnSequences);
        config.Set("return_state", ReturnState);
        config.Set("go_backwards", GoBackwards);
        config.Set("stateful", Stateful);
        config.Set("unroll", false);
        config.SetInitializer("kernel_initializer", KernelInitializer, StandardKernel);
        config.SetInitializer("recurrent_initializer", RecurrentInitializer, StandardRecurrent);
        config.SetInitializer("bias_initializer", BiasInitializer, StandardBias);
    }

    private LSTMResult Run(Variable x, Variable? h0, Variable? c0, Variable? mask, CallContext context)
    {
        if (context.Training && RecurrentDropout > 0)
            return UnrolledLSTM.Run(this, x, _kernel!, _recurrentKernel!, _bias, h0, c0, mask, context);
        return VariableOps.LSTM(x, _kernel!, _recurrentKernel!, _bias, h0, c0, mask, new LSTMOptions
        {
            GoBackwards = GoBackwards,
            Activation = Activation.FusedKind,
            RecurrentActivation = RecurrentActivation.FusedKind,
            ReturnSequences = ReturnSequences,
        });
    }

    private static string RankFix(SymbolicShape shape) => shape.Rank switch
    {
        2 when shape[1] is { } size => $"Add Reshape([1, {size}]) in front to see it as one step of {size} features, leave out a Flatten before it, or wrap what comes before in TimeDistributed so that the steps remain.",
        2 => "Add an Embedding in front if these are ids, or Reshape([steps, features]).",
        > 3 => "Wrap the layers before it in TimeDistributed with a Flatten, or Reshape([steps, features]).",
        _ => "Give the input the shape [steps, features].",
    };
}

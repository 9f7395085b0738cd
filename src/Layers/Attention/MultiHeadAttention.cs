using System.Text.Json.Nodes;
using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Several attentions side by side, each on its own projection: <c>head = softmax(q · kᵀ / √key_dim) · v</c> with q, k and v the projected query, key and value;
/// the heads are projected together onto the output. Call it on [query, value] or [query, value, key]: query (batch, queries, d), value
/// (batch, values, e), key (batch, values, f), the value when missing. Output (batch, queries, d), or <see cref="OutputSize"/> features.
/// </summary>
/// <remarks>
/// Weights: query/kernel (d, heads, key_dim), key/kernel (f, heads, key_dim), value/kernel (e, heads, value_dim), attention_output/kernel (heads, value_dim, d), each
/// with a bias of its last axes. Masks of query, value and key keep padding from being seen; the query's mask passes. Gradient: through
/// projections, products and softmax. Source: Vaswani et al. (2017); Keras 3, <c>keras.layers.MultiHeadAttention</c>.
/// </remarks>
public sealed class MultiHeadAttention : Layer
{
    private static readonly Initializer StandardKernel = new GlorotUniform();
    private static readonly Initializer StandardBias = new Zeros();

    private Projection? _query;
    private Projection? _key;
    private Projection? _value;
    private Projection? _output;

    /// <summary>Creates the layer.</summary>
    /// <param name="numHeads">How many attentions, at least 1.</param>
    /// <param name="keyDim">Entries of a projected query and key, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public MultiHeadAttention(int numHeads, int keyDim)
    {
        NumHeads = Guard.Positive(numHeads, nameof(MultiHeadAttention));
        KeyDim = Guard.Positive(keyDim, nameof(MultiHeadAttention));
    }

    /// <summary>How many attentions.</summary>
    public int NumHeads { get; }

    /// <summary>Entries of a projected query and key.</summary>
    public int KeyDim { get; }

    /// <summary>Entries of a projected value; <see cref="KeyDim"/> when null.</summary>
    public int? ValueDim { get; init => field = value is { } given ? Guard.Positive(given, nameof(MultiHeadAttention), "valueDim") : null; }

    /// <summary>Features of the output; those of the query when null. Keras calls it <c>output_shape</c>.</summary>
    public int? OutputSize { get; init => field = value is { } given ? Guard.Positive(given, nameof(MultiHeadAttention), "outputSize") : null; }

    /// <summary>The share of attention weights to drop in training.</summary>
    public double Dropout { get; init => field = Guard.Rate(value, nameof(MultiHeadAttention), "dropout"); }

    /// <summary>False to leave the biases out.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>True to let a query step see value steps up to its own number only, in every call that does not say otherwise (<see cref="CallOptions"/>).</summary>
    public bool UseCausalMask { get; init; }

    /// <summary>Draws the kernels: Glorot-uniform unless set.</summary>
    public Initializer KernelInitializer { get; init; } = StandardKernel;

    /// <summary>Draws the biases: zeros unless set.</summary>
    public Initializer BiasInitializer { get; init; } = StandardBias;

    private int ValueSize => ValueDim ?? KeyDim;

    /// <summary>Penalises the kernels; none when null.</summary>
    public Regularizer? KernelRegularizer { get => RegularizerOf("kernel"); init => SetRegularizer("kernel", value); }

    /// <summary>Bounds the kernels after each update; none when null.</summary>
    public Constraint? KernelConstraint { get => ConstraintOf("kernel"); init => SetConstraint("kernel", value); }

    /// <summary>Penalises the biases; none when null.</summary>
    public Regularizer? BiasRegularizer { get => RegularizerOf("bias"); init => SetRegularizer("bias", value); }

    /// <summary>Bounds the biases after each update; none when null.</summary>
    public Constraint? BiasConstraint { get => ConstraintOf("bias"); init => SetConstraint("bias", value); }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys, and <c>use_causal_mask</c>, which Keras takes at the call.</param>
    public static MultiHeadAttention FromConfig(LayerConfig config)
        => config.Json["attention_axes"] is null || config.IntOrInts("attention_axes", 1) is [1] or [-1]
            ? new MultiHeadAttention(config.Int("num_heads"), config.Int("key_dim"))
            {
                ValueDim = config.OptionalInt("value_dim"),
                OutputSize = config.OptionalInt("output_shape"),
                Dropout = config.Double("dropout", 0),
                UseBias = config.Bool("use_bias", true),
                UseCausalMask = config.Bool("use_causal_mask", false),
                KernelInitializer = config.Initializer("kernel_initializer", StandardKernel),
                BiasInitializer = config.Initializer("bias_initializer", StandardBias),
            }
            : throw new NotSupportedException($"MultiHeadAttention '{config.Name}': attention_axes {config.Json["attention_axes"]!.ToJsonString()} are not supported; attention runs over the steps, axis 1.");

    internal override CallOptions? ReadCallOption(CallOptions? options, string key, JsonValue value)
        => AttentionOptions.TryRead(ref options, key, value) ? options : base.ReadCallOption(options, key, value);

    internal override IReadOnlyList<SymbolicShape> ShapesUnder(IReadOnlyList<SymbolicShape> outputs, IReadOnlyList<SymbolicShape> inputs, CallOptions options)
        => options.ReturnAttentionScores ? [.. outputs, new SymbolicShape(inputs[0][0], NumHeads, inputs[0][1], inputs[1][1])] : outputs;

    internal override IReadOnlyList<LayerValue> CallUnder(ReadOnlySpan<LayerValue> inputs, CallContext context, CallOptions options)
    {
        (LayerValue y, Variable weights) = Attend(inputs, options.UseCausalMask ?? UseCausalMask, context);
        return options.ReturnAttentionScores ? [y, weights] : [y];
    }

    /// <inheritdoc/>
    protected override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        if (inputShapes.Count is not (2 or 3))
            throw ShapeError($"takes [query, value] or [query, value, key]; got {inputShapes.Count} inputs. Apply it as Apply(query, value); for self-attention, Apply(x, x).");
        foreach (SymbolicShape shape in inputShapes)
        {
            if (shape.Rank != 3 || shape[2] is null)
                throw ShapeError($"expected rank 3 (batch, steps, features) with defined features for query, value and key; got {ShapeText.List(inputShapes)}. Keep the steps, for example with ReturnSequences.");
        }
        SymbolicShape query = inputShapes[0], value = inputShapes[1], key = inputShapes[^1];
        if (value[1] is { } m && key[1] is { } n && m != n)
            throw ShapeError($"inputs {ShapeText.List(inputShapes)}: there are {m} values and {n} keys; expected a key for each value.");
        CheckWidth(_query, query, "query");
        CheckWidth(_key, key, "key");
        CheckWidth(_value, value, "value");
        return query.With(2, OutputSize ?? query[2]);
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        int width = inputShapes[0][2]!.Value;
        _query = Project("query", [width, NumHeads, KeyDim], [NumHeads, KeyDim]);
        _key = Project("key", [inputShapes[^1][2]!.Value, NumHeads, KeyDim], [NumHeads, KeyDim]);
        _value = Project("value", [inputShapes[1][2]!.Value, NumHeads, ValueSize], [NumHeads, ValueSize]);
        _output = Project("attention_output", [NumHeads, ValueSize, OutputSize ?? width], [OutputSize ?? width]);
    }

    /// <inheritdoc/>
    protected override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context) => Attend(inputs, UseCausalMask, context).Output;

    // Keras: the weights that are returned are those before dropout.
    private (LayerValue Output, Variable Weights) Attend(ReadOnlySpan<LayerValue> inputs, bool isCausal, CallContext context)
    {
        Variable query = Heads(inputs[0].Variable, _query!, KeyDim, context) * (float)(1 / Math.Sqrt(KeyDim));
        Variable key = Heads(inputs[^1].Variable, _key!, KeyDim, context);
        Variable value = Heads(inputs[1].Variable, _value!, ValueSize, context);

        Variable scores = VariableOps.MatMul(query, key, transposeB: true);
        Variable weights = VariableOps.Softmax(AttentionMasks.Apply(scores, Mask(inputs, isCausal, context)));
        Variable kept = context.Training && Dropout > 0 ? VariableOps.Dropout(weights, Dropout, context.DrawKey()) : weights;

        Variable heads = VariableOps.Transpose(VariableOps.MatMul(kept, value), 0, 2, 1, 3);
        Variable joined = VariableOps.Reshape(heads, heads.Shape[0], heads.Shape[1], NumHeads * ValueSize);
        return (inputs[0].With(_output!.Apply(joined, context)), weights);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("num_heads", NumHeads);
        config.Set("key_dim", KeyDim);
        config.Set("value_dim", ValueDim);
        config.Set("dropout", Dropout);
        config.Set("use_bias", UseBias);
        config.Set("output_shape", OutputSize);
        if (UseCausalMask)
            config.Set("use_causal_mask", true);
        config.SetInitializer("kernel_initializer", KernelInitializer, StandardKernel);
        config.SetInitializer("bias_initializer", BiasInitializer, StandardBias);
    }

    private Projection Project(string name, ReadOnlySpan<int> kernel, ReadOnlySpan<int> bias)
        => new(AddWeight($"{name}/kernel", kernel, KernelInitializer), UseBias ? AddWeight($"{name}/bias", bias, BiasInitializer) : null);

    // (batch, steps, features) → (batch, heads, steps, size).
    private Variable Heads(Variable x, Projection projection, int size, CallContext context)
    {
        Variable projected = projection.Apply(x, context);
        return VariableOps.Transpose(VariableOps.Reshape(projected, x.Shape[0], x.Shape[1], NumHeads, size), 0, 2, 1, 3);
    }

    // (batch or 1, 1, queries or 1, values), broadcast over the heads; null when everything is seen.
    private static Variable? Mask(ReadOnlySpan<LayerValue> inputs, bool isCausal, CallContext context)
    {
        Variable? mask = inputs[0].Mask is { } queries ? AttentionMasks.OfQueries(queries) : null;
        for (int i = 1; i < inputs.Length; i++)
            mask = AttentionMasks.And(mask, inputs[i].Mask is { } values ? AttentionMasks.OfValues(values) : null);
        if (isCausal)
            mask = AttentionMasks.And(mask, AttentionMasks.Causal(context, inputs[0].Variable.Shape[1], inputs[1].Variable.Shape[1]));
        return mask is null ? null : VariableOps.Reshape(mask, mask.Shape[0], 1, mask.Shape[1], mask.Shape[2]);
    }

    private void CheckWidth(Projection? projection, SymbolicShape shape, string role)
    {
        if (projection is not null && projection.Kernel.Shape[0] != shape[2])
            throw ShapeError($"its {role} kernel {Tensors.Shapes.Format(projection.Kernel.Shape)} was made for {projection.Kernel.Shape[0]} features; got the {role} {shape}. Use a second MultiHeadAttention.");
    }

    /// <summary>A kernel whose leading or trailing axes are heads, applied as one matrix.</summary>
    private sealed record Projection(Parameter Kernel, Parameter? Bias)
    {
        public Variable Apply(Variable x, CallContext context)
        {
            int width = x.Shape[^1];
            Variable kernel = VariableOps.Reshape(VariableOps.InContext(Kernel, context), width, Kernel.Count / width);
            Variable? bias = Bias is null ? null : VariableOps.Reshape(VariableOps.InContext(Bias, context), Bias.Count);
            return VariableOps.Dense(x, kernel, bias);
        }
    }
}

using System.Text.Json.Nodes;
using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Dot-product attention: <c>y = softmax(scores) · value</c>, <c>scores = query · keyᵀ</c>, or with <see cref="ConcatScores"/> <c>w · Σ tanh(query + key)</c>.
/// Call it on [query, value] or [query, value, key]: query (batch, queries, d), value (batch, values, e), key (batch, values, d), the value when missing.
/// Output (batch, queries, e).
/// </summary>
/// <remarks>
/// A value's mask keeps its padding from being seen; a query's mask zeroes the output there and passes. Gradient: through products and softmax.
/// Weights: <c>scale ()</c> with <see cref="UseScale"/>, <c>concat_score_weight ()</c> with <see cref="ConcatScores"/>.
/// Source: Luong et al. (2015); Keras 3, <c>keras.layers.Attention</c>.
/// </remarks>
public class Attention : Layer
{
    private Parameter? _concatWeight;

    /// <summary>True to multiply the scores by a learned number, which begins as one.</summary>
    public bool UseScale { get; init; }

    /// <summary>True for scores <c>w · Σ tanh(scale · (query + key))</c> instead of products; w begins as one.</summary>
    public bool ConcatScores { get; init; }

    /// <summary>The share of attention weights to drop in training.</summary>
    public double Dropout { get; init => field = Guard.Rate(value, nameof(Attention), "dropout"); }

    /// <summary>True to let a query step see value steps up to its own number only, in every call that does not say otherwise (<see cref="CallOptions"/>).</summary>
    public bool UseCausalMask { get; init; }

    /// <summary>The learned factor of the scores; null without.</summary>
    private protected Parameter? Scale { get; set; }

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys, and <c>use_causal_mask</c>, which Keras takes at the call.</param>
    public static Attention FromConfig(LayerConfig config) => new()
    {
        UseScale = config.Bool("use_scale", false),
        ConcatScores = config.Text("score_mode", "dot") switch
        {
            "dot" => false,
            "concat" => true,
            string other => throw new InvalidDataException($"Architecture: Attention '{config.Name}' has score_mode '{other}'; expected dot or concat."),
        },
        Dropout = config.Double("dropout", 0),
        UseCausalMask = config.Bool("use_causal_mask", false),
    };

    internal sealed override CallOptions? ReadCallOption(CallOptions? options, string key, JsonValue value)
        => AttentionOptions.TryRead(ref options, key, value) ? options : base.ReadCallOption(options, key, value);

    internal sealed override IReadOnlyList<SymbolicShape> ShapesUnder(IReadOnlyList<SymbolicShape> outputs, IReadOnlyList<SymbolicShape> inputs, CallOptions options)
        => options.ReturnAttentionScores ? [.. outputs, new SymbolicShape(inputs[0][0], inputs[0][1], inputs[1][1])] : outputs;

    internal sealed override IReadOnlyList<LayerValue> CallUnder(ReadOnlySpan<LayerValue> inputs, CallContext context, CallOptions options)
    {
        (LayerValue y, Variable weights) = Attend(inputs, options.UseCausalMask ?? UseCausalMask, context);
        return options.ReturnAttentionScores ? [y, weights] : [y];
    }

    /// <inheritdoc/>
    protected sealed override SymbolicShape ComputeOutputShape(IReadOnlyList<SymbolicShape> inputShapes)
    {
        if (inputShapes.Count is not (2 or 3))
            throw ShapeError($"takes [query, value] or [query, value, key]; got {inputShapes.Count} inputs. Apply it as Apply(query, value).");
        foreach (SymbolicShape shape in inputShapes)
        {
            if (shape.Rank != 3)
                throw ShapeError($"expected rank 3 (batch, steps, features) for query, value and key; got {ShapeText.List(inputShapes)}. Keep the steps, for example with ReturnSequences.");
        }
        SymbolicShape query = inputShapes[0], value = inputShapes[1], key = inputShapes[^1];
        if (query[2] is { } d && key[2] is { } e && d != e)
            throw ShapeError($"inputs {ShapeText.List(inputShapes)}: the query has {d} features, the key {e}; expected as many. Bring them to one width with Dense({d}).");
        if (value[1] is { } m && key[1] is { } n && m != n)
            throw ShapeError($"inputs {ShapeText.List(inputShapes)}: there are {m} values and {n} keys; expected a key for each value.");
        CheckFeatures(key);
        return query.With(2, value[2]);
    }

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        if (UseScale)
            Scale = AddWeight("scale", [], new Ones());
        if (ConcatScores)
            _concatWeight = AddWeight("concat_score_weight", [], new Ones());
    }

    /// <inheritdoc/>
    protected sealed override LayerValue Call(ReadOnlySpan<LayerValue> inputs, CallContext context) => Attend(inputs, UseCausalMask, context).Output;

    private (LayerValue Output, Variable Weights) Attend(ReadOnlySpan<LayerValue> inputs, bool isCausal, CallContext context)
    {
        Variable query = inputs[0].Variable, value = inputs[1].Variable, key = inputs[^1].Variable;
        Variable scores = Scores(query, key);
        Variable? mask = inputs[1].Mask is { } values ? AttentionMasks.OfValues(values) : null;
        if (isCausal)
            mask = AttentionMasks.And(mask, AttentionMasks.Causal(context, query.Shape[1], value.Shape[1]));
        Variable weights = VariableOps.Softmax(AttentionMasks.Apply(scores, mask));
        if (context.Training && Dropout > 0)
            weights = VariableOps.Dropout(weights, Dropout, context.DrawKey());
        Variable y = VariableOps.MatMul(weights, value);
        return (inputs[0].Mask is { } queries ? inputs[0].With(y * AttentionMasks.OfQueries(queries)) : y, weights);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("use_scale", UseScale);
        config.Set("score_mode", ConcatScores ? "concat" : "dot");
        config.Set("dropout", Dropout);
        if (UseCausalMask)
            config.Set("use_causal_mask", true);
    }

    /// <summary>How well each query step (…, d) meets each key step: (batch, queries, values).</summary>
    /// <param name="query">(batch, queries, d).</param>
    /// <param name="key">(batch, values, d).</param>
    private protected virtual Variable Scores(Variable query, Variable key)
    {
        if (_concatWeight is not null)
        {
            Variable pairs = Pairs(query, key);
            return VariableOps.Sum(VariableOps.Activate(Scale is null ? pairs : pairs * Scale, Kernels.ActivationKind.Tanh), -1) * _concatWeight;
        }
        Variable scores = VariableOps.MatMul(query, key, transposeB: true);
        return Scale is null ? scores : scores * Scale;
    }

    /// <summary>Refuses features that the weights have no entry for.</summary>
    /// <param name="key">The key's shape.</param>
    private protected virtual void CheckFeatures(SymbolicShape key)
    {
    }

    /// <summary>query + key for each pair of steps: (batch, queries, values, d).</summary>
    /// <param name="query">(batch, queries, d).</param>
    /// <param name="key">(batch, values, d).</param>
    private protected static Variable Pairs(Variable query, Variable key)
        => VariableOps.Reshape(query, query.Shape[0], query.Shape[1], 1, query.Shape[2]) + VariableOps.Reshape(key, key.Shape[0], 1, key.Shape[1], key.Shape[2]);
}

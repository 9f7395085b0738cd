using FlatFuse.Autograd;

namespace FlatFuse.Layers;

/// <summary>
/// Attention with sums instead of products: <c>y = softmax(scores) · value</c>, <c>scores = Σ scale · tanh(query + key)</c>. Inputs, masks and output as for
/// <see cref="Attention"/>. Weight: scale (d), Glorot-uniform, unless <see cref="Attention.UseScale"/> is false.
/// Gradient: through tanh and softmax. Source: Bahdanau et al. (2015); Keras 3, <c>keras.layers.AdditiveAttention</c>.
/// </summary>
public sealed class AdditiveAttention : Attention
{
    /// <summary>Creates the layer, with the scale.</summary>
    public AdditiveAttention() => UseScale = true;

    /// <summary>Makes the layer from its configuration.</summary>
    /// <param name="config">Keras's keys, and <c>use_causal_mask</c>, which Keras takes at the call.</param>
    public static new AdditiveAttention FromConfig(LayerConfig config) => new()
    {
        UseScale = config.Bool("use_scale", true),
        Dropout = config.Double("dropout", 0),
        UseCausalMask = config.Bool("use_causal_mask", false),
    };

    /// <inheritdoc/>
    protected override void Build(IReadOnlyList<SymbolicShape> inputShapes)
    {
        if (ConcatScores)
            throw ShapeError("ConcatScores belongs to Attention; here the scores are sums always.");
        if (UseScale)
            Scale = AddWeight("scale", [inputShapes[^1][2]!.Value], new GlorotUniform());
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(LayerConfig config)
    {
        config.Set("use_scale", UseScale);
        config.Set("dropout", Dropout);
        if (UseCausalMask)
            config.Set("use_causal_mask", true);
    }

    private protected override Variable Scores(Variable query, Variable key)
    {
        Variable meeting = VariableOps.Activate(Pairs(query, key), Kernels.ActivationKind.Tanh);
        return VariableOps.Sum(Scale is null ? meeting : meeting * Scale, -1);
    }

    private protected override void CheckFeatures(SymbolicShape key)
    {
        if (UseScale && key[2] is null)
            throw ShapeError($"the features of the key {key} are undefined, but the scale has an entry for each. Give the input a defined last axis.");
        if (Scale is not null && key[2] is { } size && size != Scale.Shape[0])
            throw ShapeError($"its scale was made for {Scale.Shape[0]} features; got the key {key}. Use a second AdditiveAttention.");
    }
}

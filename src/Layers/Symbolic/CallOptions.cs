namespace FlatFuse.Layers;

/// <summary>What Keras takes at a call of a layer and not where the layer is made: it holds for that call alone.</summary>
public sealed record CallOptions
{
    /// <summary>For attention: whether a query step sees value steps up to its own number only; what the layer says when null.</summary>
    public bool? UseCausalMask { get; init; }

    /// <summary>
    /// For attention: true for a second output, the weights that the values are added with: (batch, queries, values), of <see cref="MultiHeadAttention"/>
    /// (batch, heads, queries, values).
    /// </summary>
    public bool ReturnAttentionScores { get; init; }

    /// <summary>
    /// In own code: whether dropout and its like are active in this call, whatever the pass around it does; what the pass says when null. Calls on
    /// placeholders refuse it, because fit and predict decide there.
    /// </summary>
    public bool? Training { get; init; }
}

namespace FlatFuse.Training;

/// <summary>The share of entries whose class number is among the k largest predictions: fewer than k are strictly greater.</summary>
/// <param name="k">1 or more.</param>
public sealed class SparseTopKCategoricalAccuracy(int k = 5) : MeanMetric("sparse_top_k_categorical_accuracy")
{
    /// <inheritdoc/>
    public override bool? GreaterIsBetter => true;

    /// <summary>k.</summary>
    public int K { get; } = k >= 1 ? k : throw new ArgumentOutOfRangeException(nameof(k), $"SparseTopKCategoricalAccuracy: k is {k}; expected 1 or more.");

    /// <inheritdoc/>
    public override bool TakesClassNumbers => true;

    /// <inheritdoc/>
    protected internal override void Values(in LossBatch batch, Span<float> values)
    {
        for (int row = 0; row < values.Length; row++)
            values[row] = TopK.Contains(batch.PredictionRow(row), (int)batch.Target[row], K) ? 1f : 0f;
    }
}

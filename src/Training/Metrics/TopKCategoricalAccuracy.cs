namespace FlatFuse.Training;

/// <summary>The share of entries whose class (the largest target) is among the k largest predictions: fewer than k are strictly greater.</summary>
/// <param name="k">1 or more.</param>
public sealed class TopKCategoricalAccuracy(int k = 5) : MeanMetric("top_k_categorical_accuracy")
{
    /// <inheritdoc/>
    public override bool? GreaterIsBetter => true;

    /// <summary>k.</summary>
    public int K { get; } = k >= 1 ? k : throw new ArgumentOutOfRangeException(nameof(k), $"TopKCategoricalAccuracy: k is {k}; expected 1 or more.");

    /// <inheritdoc/>
    protected internal override void Values(in LossBatch batch, Span<float> values)
    {
        for (int row = 0; row < values.Length; row++)
            values[row] = TopK.Contains(batch.PredictionRow(row), ArgMax.Of(batch.TargetRow(row)), K) ? 1f : 0f;
    }
}

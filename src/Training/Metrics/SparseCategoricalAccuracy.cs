namespace FlatFuse.Training;

/// <summary>The share of entries whose largest prediction is that of the class number; history key <c>accuracy</c>.</summary>
public sealed class SparseCategoricalAccuracy() : MeanMetric("accuracy")
{
    /// <inheritdoc/>
    public override bool? GreaterIsBetter => true;

    /// <inheritdoc/>
    public override bool TakesClassNumbers => true;

    /// <inheritdoc/>
    protected internal override void Values(in LossBatch batch, Span<float> values)
    {
        for (int row = 0; row < values.Length; row++)
            values[row] = batch.Target[row] == ArgMax.Of(batch.PredictionRow(row)) ? 1f : 0f;
    }
}

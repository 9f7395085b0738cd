namespace FlatFuse.Training;

/// <summary>The share of entries whose largest prediction stands where the largest target stands; history key <c>accuracy</c>.</summary>
public sealed class CategoricalAccuracy() : MeanMetric("accuracy")
{
    /// <inheritdoc/>
    public override bool? GreaterIsBetter => true;

    /// <inheritdoc/>
    protected internal override void Values(in LossBatch batch, Span<float> values)
    {
        for (int row = 0; row < values.Length; row++)
            values[row] = ArgMax.Of(batch.TargetRow(row)) == ArgMax.Of(batch.PredictionRow(row)) ? 1f : 0f;
    }
}

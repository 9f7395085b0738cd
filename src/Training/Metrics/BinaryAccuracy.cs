namespace FlatFuse.Training;

/// <summary>The share of elements where <c>p &gt; threshold</c> (strictly) agrees with the target 0 or 1; history key <c>accuracy</c>.</summary>
public sealed class BinaryAccuracy() : MeanMetric("accuracy")
{
    /// <inheritdoc/>
    public override bool? GreaterIsBetter => true;

    /// <summary>Above it a prediction means 1. 0 for logits.</summary>
    public double Threshold { get; init => field = Ranges.Finite(value, "BinaryAccuracy", nameof(Threshold)); } = 0.5;

    /// <inheritdoc/>
    protected internal override bool CountsElements => true;

    /// <inheritdoc/>
    protected internal override void Values(in LossBatch batch, Span<float> values)
    {
        float threshold = (float)Threshold;
        for (int row = 0; row < values.Length; row++)
        {
            ReadOnlySpan<float> t = batch.TargetRow(row), p = batch.PredictionRow(row);
            int hits = 0;
            for (int i = 0; i < t.Length; i++)
                hits += t[i] == (p[i] > threshold ? 1f : 0f) ? 1 : 0;
            values[row] = (float)((double)hits / batch.Columns);
        }
    }
}

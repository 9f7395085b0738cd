namespace FlatFuse.Training;

/// <summary>
/// How far target and prediction agree along the last axis, <c>2·cov(t, p) / (σ_t² + σ_p² + (t̄ − p̄)² + ε)</c>, averaged over entries; ε = 1e-7, biased moments:
/// unlike a correlation, below 1 for another scale or offset. Source: Keras 3, <c>keras.metrics.ConcordanceCorrelation</c>.
/// </summary>
public sealed class ConcordanceCorrelation() : MeanMetric("concordance_correlation")
{
    private const double Epsilon = 1e-7;

    /// <inheritdoc/>
    public override bool? GreaterIsBetter => true;

    /// <inheritdoc/>
    protected internal override void Values(in LossBatch batch, Span<float> values)
    {
        for (int row = 0; row < values.Length; row++)
        {
            RowMoments m = RowMoments.Of(batch, row);
            double offset = m.TargetMean - m.PredictionMean;
            values[row] = (float)(2 * m.Covariance / (m.TargetVariance + m.PredictionVariance + (offset * offset) + Epsilon));
        }
    }
}

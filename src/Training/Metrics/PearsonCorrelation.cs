namespace FlatFuse.Training;

/// <summary>
/// The linear correlation of target and prediction along the last axis, <c>mean (t − t̄)(p − p̄) / ((σ_t + ε)(σ_p + ε))</c>, averaged over entries; ε = 1e-7, biased
/// deviations. Source: Keras 3, <c>keras.metrics.PearsonCorrelation</c>.
/// </summary>
public sealed class PearsonCorrelation() : MeanMetric("pearson_correlation")
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
            values[row] = (float)(m.Covariance / ((Math.Sqrt(m.TargetVariance) + Epsilon) * (Math.Sqrt(m.PredictionVariance) + Epsilon)));
        }
    }
}

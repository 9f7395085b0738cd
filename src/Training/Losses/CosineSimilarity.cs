namespace FlatFuse.Training;

/// <summary>
/// <c>−Σ t̂ p̂</c> over the last axis, with t̂ = t/|t|, p̂ = p/|p|: −1 for vectors of one direction. Gradient <c>−(t̂ − (t̂·p̂) p̂) / |p|</c>. A vector of
/// zeros has no direction: value and gradient are 0.
/// </summary>
public sealed class CosineSimilarity() : Loss("cosine_similarity")
{
    /// <inheritdoc/>
    protected internal override void Values(in LossBatch batch, Span<float> values)
    {
        for (int row = 0; row < values.Length; row++)
            values[row] = (float)-Cosine(batch.TargetRow(row), batch.PredictionRow(row), out _, out _);
    }

    /// <inheritdoc/>
    protected internal override void Gradients(in LossBatch batch, ReadOnlySpan<float> coefficients, Span<float> dPrediction, bool accumulate)
    {
        for (int row = 0; row < coefficients.Length; row++)
        {
            ReadOnlySpan<float> t = batch.TargetRow(row), p = batch.PredictionRow(row);
            Span<float> dp = dPrediction.Slice(row * batch.Columns, batch.Columns);
            double cosine = Cosine(t, p, out double tNorm, out double pNorm);
            if (!accumulate)
                dp.Clear();
            if (tNorm == 0 || pNorm == 0)
                continue;
            double onTarget = -coefficients[row] / (tNorm * pNorm), onPrediction = coefficients[row] * cosine / (pNorm * pNorm);
            for (int i = 0; i < dp.Length; i++)
                dp[i] += (float)((onTarget * t[i]) + (onPrediction * p[i]));
        }
    }

    private static double Cosine(ReadOnlySpan<float> t, ReadOnlySpan<float> p, out double tNorm, out double pNorm)
    {
        double dot = 0, tt = 0, pp = 0;
        for (int i = 0; i < t.Length; i++)
        {
            dot += (double)t[i] * p[i];
            tt += (double)t[i] * t[i];
            pp += (double)p[i] * p[i];
        }
        tNorm = Math.Sqrt(tt);
        pNorm = Math.Sqrt(pp);
        return tNorm == 0 || pNorm == 0 ? 0 : dot / (tNorm * pNorm);
    }
}

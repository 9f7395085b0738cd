namespace FlatFuse.Training;

/// <summary><c>Σ t log(t / p)</c> over the last axis, t and p clipped to [ε, 1]. Gradient <c>−t / p</c>, zero where p is clipped.</summary>
public sealed class KLDivergence() : Loss("kl_divergence")
{
    /// <inheritdoc/>
    protected internal override void CheckValues(ReadOnlySpan<float> values, ReadOnlySpan<int> shape, int columns, string output)
        => Ranges.CheckProbabilities(this, values, shape, output);

    /// <inheritdoc/>
    protected internal override void Values(in LossBatch batch, Span<float> values)
    {
        for (int row = 0; row < values.Length; row++)
        {
            ReadOnlySpan<float> t = batch.TargetRow(row), p = batch.PredictionRow(row);
            double sum = 0;
            for (int i = 0; i < t.Length; i++)
            {
                float target = Clip(t[i]);
                sum += target * MathF.Log(target / Clip(p[i]));
            }
            values[row] = (float)sum;
        }
    }

    /// <inheritdoc/>
    protected internal override void Gradients(in LossBatch batch, ReadOnlySpan<float> coefficients, Span<float> dPrediction, bool accumulate)
    {
        for (int row = 0; row < coefficients.Length; row++)
        {
            ReadOnlySpan<float> t = batch.TargetRow(row), p = batch.PredictionRow(row);
            Span<float> dp = dPrediction.Slice(row * batch.Columns, batch.Columns);
            for (int i = 0; i < dp.Length; i++)
            {
                float value = p[i] is < Epsilon or > 1f ? 0f : -coefficients[row] * Clip(t[i]) / p[i];
                dp[i] = accumulate ? dp[i] + value : value;
            }
        }
    }

    private static float Clip(float x) => x < Epsilon ? Epsilon : x > 1f ? 1f : x;
}

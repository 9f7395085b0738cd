namespace FlatFuse.Training;

/// <summary>
/// <c>max(max_i((1 − t_i) p_i) − Σ t p + 1, 0)</c> over the classes (last axis). Gradient where that is above 0: <c>1 − t</c> at the first
/// largest <c>(1 − t) p</c>, minus t everywhere.
/// </summary>
public sealed class CategoricalHinge() : Loss("categorical_hinge")
{
    /// <inheritdoc/>
    protected internal override void Values(in LossBatch batch, Span<float> values)
    {
        for (int row = 0; row < values.Length; row++)
            values[row] = MathF.Max(Margin(batch.TargetRow(row), batch.PredictionRow(row), out _), 0f);
    }

    /// <inheritdoc/>
    protected internal override void Gradients(in LossBatch batch, ReadOnlySpan<float> coefficients, Span<float> dPrediction, bool accumulate)
    {
        for (int row = 0; row < coefficients.Length; row++)
        {
            ReadOnlySpan<float> t = batch.TargetRow(row);
            Span<float> dp = dPrediction.Slice(row * batch.Columns, batch.Columns);
            if (!accumulate)
                dp.Clear();
            if (!(Margin(t, batch.PredictionRow(row), out int rival) > 0f))
                continue;
            float c = coefficients[row];
            dp[rival] += c * (1f - t[rival]);
            for (int i = 0; i < dp.Length; i++)
                dp[i] -= c * t[i];
        }
    }

    private static float Margin(ReadOnlySpan<float> t, ReadOnlySpan<float> p, out int rival)
    {
        float largest = float.NegativeInfinity;
        double positive = 0;
        rival = 0;
        for (int i = 0; i < t.Length; i++)
        {
            float negative = (1f - t[i]) * p[i];
            if (negative > largest)
            {
                largest = negative;
                rival = i;
            }
            positive += (double)t[i] * p[i];
        }
        return (float)(largest - positive + 1);
    }
}

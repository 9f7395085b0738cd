namespace FlatFuse.Training;

/// <summary>The two loops of every element-wise loss: the mean over the last axis of <typeparamref name="TRule"/>, specialised by the JIT for each rule.</summary>
/// <typeparam name="TRule">Value and derivative of one element.</typeparam>
internal static class ElementLoops<TRule>
    where TRule : struct, IElementRule
{
    public static void Values(in TRule rule, in LossBatch batch, Span<float> values)
    {
        for (int row = 0; row < values.Length; row++)
        {
            ReadOnlySpan<float> t = batch.TargetRow(row);
            ReadOnlySpan<float> p = batch.PredictionRow(row);
            double sum = 0;
            for (int i = 0; i < t.Length; i++)
                sum += rule.Value(t[i], p[i]);
            values[row] = (float)(sum / batch.Columns);
        }
    }

    public static void Gradients(in TRule rule, in LossBatch batch, ReadOnlySpan<float> coefficients, Span<float> dPrediction, bool accumulate)
    {
        for (int row = 0; row < coefficients.Length; row++)
        {
            ReadOnlySpan<float> t = batch.TargetRow(row);
            ReadOnlySpan<float> p = batch.PredictionRow(row);
            Span<float> dp = dPrediction.Slice(row * batch.Columns, batch.Columns);
            float coefficient = coefficients[row] / batch.Columns;
            if (accumulate)
            {
                for (int i = 0; i < dp.Length; i++)
                    dp[i] += coefficient * rule.Derivative(t[i], p[i]);
            }
            else
            {
                for (int i = 0; i < dp.Length; i++)
                    dp[i] = coefficient * rule.Derivative(t[i], p[i]);
            }
        }
    }
}

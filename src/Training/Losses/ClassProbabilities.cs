namespace FlatFuse.Training;

/// <summary>
/// The probabilities of one row of classes, as every categorical crossentropy sees them: the softmax of logits, or predictions divided by
/// their sum. Keras clips only the second kind, to [ε, 1 − ε], with zero gradient outside.
/// </summary>
internal static class ClassProbabilities
{
    private const float Low = Loss.Epsilon;
    private const float High = 1f - Loss.Epsilon;

    /// <summary>Writes softmax(x) and returns <c>log Σ e^x</c>.</summary>
    public static double Softmax(ReadOnlySpan<float> x, Span<float> probabilities)
    {
        float max = float.NegativeInfinity;
        foreach (float value in x)
            max = MathF.Max(max, value);
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            float e = MathF.Exp(x[i] - max);
            probabilities[i] = e;
            sum += e;
        }
        float inverse = (float)(1 / sum);
        for (int i = 0; i < probabilities.Length; i++)
            probabilities[i] *= inverse;
        return max + Math.Log(sum);
    }

    /// <summary>Writes p / Σ p, not clipped, and returns Σ p.</summary>
    public static float Normalise(ReadOnlySpan<float> p, Span<float> probabilities)
    {
        double sum = 0;
        foreach (float value in p)
            sum += value;
        float inverse = (float)(1 / sum);
        for (int i = 0; i < p.Length; i++)
            probabilities[i] = p[i] * inverse;
        return (float)sum;
    }

    /// <summary>Into [ε, 1 − ε]; NaN stays NaN.</summary>
    public static float Clip(float q) => q < Low ? Low : q > High ? High : q;

    /// <summary>True where <see cref="Clip"/> lets a gradient through.</summary>
    public static bool IsInside(float q) => !(q < Low || q > High);

    /// <summary>
    /// From dL/dq to dL/dp for <c>q = p / S</c>: <c>dp_k = (dq_k − Σ_j dq_j q_j) / S</c>. <paramref name="dq"/> is read and <paramref name="dp"/> written.
    /// </summary>
    public static void NormaliseBackward(ReadOnlySpan<float> q, ReadOnlySpan<float> dq, float sum, Span<float> dp, bool accumulate)
    {
        double dot = 0;
        for (int i = 0; i < q.Length; i++)
            dot += (double)dq[i] * q[i];
        for (int i = 0; i < q.Length; i++)
        {
            float value = (float)((dq[i] - dot) / sum);
            dp[i] = accumulate ? dp[i] + value : value;
        }
    }

    /// <summary>From dL/dq to dL/dx for <c>q = softmax(x)</c>: <c>dx_k = q_k (dq_k − Σ_j dq_j q_j)</c>.</summary>
    public static void SoftmaxBackward(ReadOnlySpan<float> q, ReadOnlySpan<float> dq, Span<float> dx, bool accumulate)
    {
        double dot = 0;
        for (int i = 0; i < q.Length; i++)
            dot += (double)dq[i] * q[i];
        for (int i = 0; i < q.Length; i++)
        {
            float value = (float)(q[i] * (dq[i] - dot));
            dx[i] = accumulate ? dx[i] + value : value;
        }
    }
}

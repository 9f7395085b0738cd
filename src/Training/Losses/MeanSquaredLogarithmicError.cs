namespace FlatFuse.Training;

/// <summary>
/// <c>(log(max(p, ε) + 1) − log(max(t, ε) + 1))²</c>, averaged over the last axis. Gradient
/// <c>2 (log(p + 1) − log(max(t, ε) + 1)) / (p + 1) / C</c>, zero where p is below ε.
/// </summary>
public sealed class MeanSquaredLogarithmicError() : Loss("mean_squared_logarithmic_error")
{
    /// <inheritdoc/>
    protected internal override void Values(in LossBatch batch, Span<float> values) => ElementLoops<Rule>.Values(default, batch, values);

    /// <inheritdoc/>
    protected internal override void Gradients(in LossBatch batch, ReadOnlySpan<float> coefficients, Span<float> dPrediction, bool accumulate)
        => ElementLoops<Rule>.Gradients(default, batch, coefficients, dPrediction, accumulate);

    private readonly struct Rule : IElementRule
    {
        public float Value(float t, float p)
        {
            float difference = LogOnePlus(p) - LogOnePlus(t);
            return difference * difference;
        }

        public float Derivative(float t, float p) => p < Epsilon ? 0f : 2f * (LogOnePlus(p) - LogOnePlus(t)) / (p + 1f);

        private static float LogOnePlus(float x) => (float)Math.Log(1 + (double)MathF.Max(x, Epsilon));
    }
}

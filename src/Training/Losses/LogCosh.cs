namespace FlatFuse.Training;

/// <summary><c>log(cosh e) = e + softplus(−2e) − log 2</c>, e = p − t, averaged over the last axis. Gradient <c>tanh(e) / C</c>.</summary>
public sealed class LogCosh() : Loss("log_cosh")
{
    /// <inheritdoc/>
    protected internal override void Values(in LossBatch batch, Span<float> values) => ElementLoops<Rule>.Values(default, batch, values);

    /// <inheritdoc/>
    protected internal override void Gradients(in LossBatch batch, ReadOnlySpan<float> coefficients, Span<float> dPrediction, bool accumulate)
        => ElementLoops<Rule>.Gradients(default, batch, coefficients, dPrediction, accumulate);

    private readonly struct Rule : IElementRule
    {
        private const double LogTwo = 0.693147180559945309;

        // log cosh is even. In double, because near 0 three terms of size 1 leave e²/2.
        public float Value(float t, float p)
        {
            double e = Math.Abs((double)p - t);
            return (float)(e + Math.Log(1 + Math.Exp(-2 * e)) - LogTwo);
        }

        public float Derivative(float t, float p) => MathF.Tanh(p - t);
    }
}

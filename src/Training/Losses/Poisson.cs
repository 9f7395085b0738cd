namespace FlatFuse.Training;

/// <summary><c>p − t log(p + ε)</c>, averaged over the last axis. Gradient <c>(1 − t / (p + ε)) / C</c>.</summary>
public sealed class Poisson() : Loss("poisson")
{
    /// <inheritdoc/>
    protected internal override void Values(in LossBatch batch, Span<float> values) => ElementLoops<Rule>.Values(default, batch, values);

    /// <inheritdoc/>
    protected internal override void Gradients(in LossBatch batch, ReadOnlySpan<float> coefficients, Span<float> dPrediction, bool accumulate)
        => ElementLoops<Rule>.Gradients(default, batch, coefficients, dPrediction, accumulate);

    private readonly struct Rule : IElementRule
    {
        public float Value(float t, float p) => p - (t * MathF.Log(p + Epsilon));

        public float Derivative(float t, float p) => 1f - (t / (p + Epsilon));
    }
}

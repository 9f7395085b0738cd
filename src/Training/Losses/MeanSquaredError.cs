namespace FlatFuse.Training;

/// <summary><c>mean (p − t)²</c> over the last axis. Gradient <c>2 (p − t) / C</c>.</summary>
public sealed class MeanSquaredError() : Loss("mean_squared_error")
{
    /// <inheritdoc/>
    protected internal override void Values(in LossBatch batch, Span<float> values) => ElementLoops<Rule>.Values(default, batch, values);

    /// <inheritdoc/>
    protected internal override void Gradients(in LossBatch batch, ReadOnlySpan<float> coefficients, Span<float> dPrediction, bool accumulate)
        => ElementLoops<Rule>.Gradients(default, batch, coefficients, dPrediction, accumulate);

    private readonly struct Rule : IElementRule
    {
        public float Value(float t, float p) => (p - t) * (p - t);

        public float Derivative(float t, float p) => 2f * (p - t);
    }
}

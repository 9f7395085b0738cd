namespace FlatFuse.Training;

/// <summary><c>mean |p − t|</c> over the last axis. Gradient <c>sign(p − t) / C</c>, 0 where they are equal.</summary>
public sealed class MeanAbsoluteError() : Loss("mean_absolute_error")
{
    /// <inheritdoc/>
    protected internal override void Values(in LossBatch batch, Span<float> values) => ElementLoops<Rule>.Values(default, batch, values);

    /// <inheritdoc/>
    protected internal override void Gradients(in LossBatch batch, ReadOnlySpan<float> coefficients, Span<float> dPrediction, bool accumulate)
        => ElementLoops<Rule>.Gradients(default, batch, coefficients, dPrediction, accumulate);

    private readonly struct Rule : IElementRule
    {
        public float Value(float t, float p) => MathF.Abs(p - t);

        public float Derivative(float t, float p) => Signs.Of(p - t);
    }
}

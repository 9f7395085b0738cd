namespace FlatFuse.Training;

/// <summary><c>100 · |t − p| / max(|t|, ε)</c>, averaged over the last axis. Gradient <c>100 sign(p − t) / max(|t|, ε) / C</c>.</summary>
public sealed class MeanAbsolutePercentageError() : Loss("mean_absolute_percentage_error")
{
    /// <inheritdoc/>
    protected internal override void Values(in LossBatch batch, Span<float> values) => ElementLoops<Rule>.Values(default, batch, values);

    /// <inheritdoc/>
    protected internal override void Gradients(in LossBatch batch, ReadOnlySpan<float> coefficients, Span<float> dPrediction, bool accumulate)
        => ElementLoops<Rule>.Gradients(default, batch, coefficients, dPrediction, accumulate);

    private readonly struct Rule : IElementRule
    {
        public float Value(float t, float p) => 100f * MathF.Abs(t - p) / MathF.Max(MathF.Abs(t), Epsilon);

        public float Derivative(float t, float p) => 100f * Signs.Of(p - t) / MathF.Max(MathF.Abs(t), Epsilon);
    }
}

namespace FlatFuse.Training;

/// <summary>
/// <c>e²/2</c> for |e| ≤ δ, else <c>δ|e| − δ²/2</c>, with e = p − t, averaged over the last axis. Gradient e cut to [−δ, δ], over C.
/// </summary>
public sealed class Huber() : Loss("huber_loss")
{
    /// <summary>δ: where the square turns into a line. Above 0.</summary>
    public double Delta { get; init => field = Ranges.Positive(value, "Huber", nameof(Delta)); } = 1;

    /// <inheritdoc/>
    protected internal override void Values(in LossBatch batch, Span<float> values) => ElementLoops<Rule>.Values(new Rule((float)Delta), batch, values);

    /// <inheritdoc/>
    protected internal override void Gradients(in LossBatch batch, ReadOnlySpan<float> coefficients, Span<float> dPrediction, bool accumulate)
        => ElementLoops<Rule>.Gradients(new Rule((float)Delta), batch, coefficients, dPrediction, accumulate);

    private readonly struct Rule(float delta) : IElementRule
    {
        public float Value(float t, float p)
        {
            float e = MathF.Abs(p - t);
            return e <= delta ? 0.5f * e * e : (delta * e) - (0.5f * delta * delta);
        }

        public float Derivative(float t, float p) => Math.Clamp(p - t, -delta, delta);
    }
}

namespace FlatFuse.Training;

/// <summary>
/// <c>−t log p − (1 − t) log(1 − p)</c>, averaged over the last axis; p is clipped to [ε, 1 − ε]. Gradient
/// <c>((1 − t)/(1 − p) − t/p) / C</c>, zero outside the clip range. <see cref="FromLogits"/>: <c>max(x, 0) − x t + log(1 + e^−|x|)</c>, gradient
/// <c>(sigmoid(x) − t) / C</c>.
/// </summary>
public sealed class BinaryCrossentropy() : Loss("binary_crossentropy")
{
    /// <summary>True when predictions are logits: no sigmoid before.</summary>
    public bool FromLogits { get; init; }

    /// <summary>Squeezes targets towards one half: <c>t (1 − s) + s/2</c>. 0 … 1.</summary>
    public double LabelSmoothing { get; init => field = Ranges.Fraction(value, "BinaryCrossentropy", nameof(LabelSmoothing)); }

    /// <inheritdoc/>
    protected internal override void CheckValues(ReadOnlySpan<float> values, ReadOnlySpan<int> shape, int columns, string output)
        => Ranges.CheckProbabilities(this, values, shape, output);

    /// <inheritdoc/>
    protected internal override void Values(in LossBatch batch, Span<float> values)
    {
        if (FromLogits)
            ElementLoops<LogitRule>.Values(new LogitRule((float)LabelSmoothing), batch, values);
        else
            ElementLoops<ProbabilityRule>.Values(new ProbabilityRule((float)LabelSmoothing), batch, values);
    }

    /// <inheritdoc/>
    protected internal override void Gradients(in LossBatch batch, ReadOnlySpan<float> coefficients, Span<float> dPrediction, bool accumulate)
    {
        if (FromLogits)
            ElementLoops<LogitRule>.Gradients(new LogitRule((float)LabelSmoothing), batch, coefficients, dPrediction, accumulate);
        else
            ElementLoops<ProbabilityRule>.Gradients(new ProbabilityRule((float)LabelSmoothing), batch, coefficients, dPrediction, accumulate);
    }

    internal readonly struct ProbabilityRule(float smoothing) : IElementRule
    {
        private readonly float _scale = 1f - smoothing;
        private readonly float _shift = 0.5f * smoothing;

        public float Value(float t, float p)
        {
            float target = (t * _scale) + _shift;
            float q = Clip(p);
            return -((target * MathF.Log(q)) + ((1f - target) * MathF.Log(1f - q)));
        }

        public float Derivative(float t, float p)
        {
            if (p is < Epsilon or > 1f - Epsilon)
                return 0f;
            float target = (t * _scale) + _shift;
            return ((1f - target) / (1f - p)) - (target / p);
        }

        // Math.Clamp lets NaN through, and so must this: a NaN prediction is a NaN loss.
        private static float Clip(float p) => p < Epsilon ? Epsilon : p > 1f - Epsilon ? 1f - Epsilon : p;
    }

    private readonly struct LogitRule(float smoothing) : IElementRule
    {
        private readonly float _scale = 1f - smoothing;
        private readonly float _shift = 0.5f * smoothing;

        public float Value(float t, float x)
            => MathF.Max(x, 0f) - (x * ((t * _scale) + _shift)) + ScalarMath.Log1P(MathF.Exp(-MathF.Abs(x)));

        public float Derivative(float t, float x) => ScalarMath.Sigmoid(x) - ((t * _scale) + _shift);
    }
}

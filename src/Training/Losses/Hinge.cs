namespace FlatFuse.Training;

/// <summary>
/// <c>max(1 − t p, 0)</c>, averaged over the last axis. Gradient <c>−t / C</c> where <c>t p &lt; 1</c>. Labels are −1 and 1; a batch whose labels are all 0 or 1
/// has them turned into −1 and 1.
/// </summary>
public sealed class Hinge() : Loss("hinge")
{
    /// <inheritdoc/>
    protected internal override void Values(in LossBatch batch, Span<float> values)
        => ElementLoops<Rule>.Values(new Rule(HingeLabels.AreZeroOrOne(batch.Target)), batch, values);

    /// <inheritdoc/>
    protected internal override void Gradients(in LossBatch batch, ReadOnlySpan<float> coefficients, Span<float> dPrediction, bool accumulate)
        => ElementLoops<Rule>.Gradients(new Rule(HingeLabels.AreZeroOrOne(batch.Target)), batch, coefficients, dPrediction, accumulate);

    private readonly struct Rule(bool zeroOrOne) : IElementRule
    {
        public float Value(float t, float p) => MathF.Max(1f - (Label(t) * p), 0f);

        public float Derivative(float t, float p) => Label(t) * p < 1f ? -Label(t) : float.IsNaN(p) ? p : 0f;

        private float Label(float t) => zeroOrOne ? (2f * t) - 1f : t;
    }
}

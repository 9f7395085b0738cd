namespace FlatFuse.Training;

/// <summary>
/// <c>(1 − q)^γ · bce(t, p)</c>, averaged over the last axis, with q = t p + (1 − t)(1 − p): easy elements count less. With
/// <see cref="ApplyClassBalancing"/> times <c>t α + (1 − t)(1 − α)</c>. Gradient by the product rule; that of bce is zero where p is clipped to [ε, 1 − ε].
/// </summary>
/// <remarks>Lin et al., Focal Loss for Dense Object Detection, 2017.</remarks>
public sealed class BinaryFocalCrossentropy() : Loss("binary_focal_crossentropy")
{
    /// <summary>α: the weight of class 1 under class balancing. 0 … 1.</summary>
    public double Alpha { get; init => field = Ranges.Fraction(value, "BinaryFocalCrossentropy", nameof(Alpha)); } = 0.25;

    /// <summary>γ: how much easy elements are weakened.</summary>
    public double Gamma { get; init => field = Ranges.NotNegative(value, "BinaryFocalCrossentropy", nameof(Gamma)); } = 2;

    /// <summary>True to weigh classes by α and 1 − α.</summary>
    public bool ApplyClassBalancing { get; init; }

    /// <summary>True when predictions are logits: no sigmoid before.</summary>
    public bool FromLogits { get; init; }

    /// <summary>Squeezes targets towards one half: <c>t (1 − s) + s/2</c>. 0 … 1.</summary>
    public double LabelSmoothing { get; init => field = Ranges.Fraction(value, "BinaryFocalCrossentropy", nameof(LabelSmoothing)); }

    private Rule TheRule => new(Alpha, Gamma, LabelSmoothing, ApplyClassBalancing, FromLogits);

    /// <inheritdoc/>
    protected internal override void CheckValues(ReadOnlySpan<float> values, ReadOnlySpan<int> shape, int columns, string output)
        => Ranges.CheckProbabilities(this, values, shape, output);

    /// <inheritdoc/>
    protected internal override void Values(in LossBatch batch, Span<float> values) => ElementLoops<Rule>.Values(TheRule, batch, values);

    /// <inheritdoc/>
    protected internal override void Gradients(in LossBatch batch, ReadOnlySpan<float> coefficients, Span<float> dPrediction, bool accumulate)
        => ElementLoops<Rule>.Gradients(TheRule, batch, coefficients, dPrediction, accumulate);

    private readonly struct Rule(double alpha, double gamma, double smoothing, bool balance, bool fromLogits) : IElementRule
    {
        public float Value(float label, float x)
        {
            double t = Target(label), p = Probability(x);
            return (float)(Balance(t) * Math.Pow(Math.Max(1 - Agreement(t, p), 0), gamma) * Crossentropy(t, p));
        }

        public float Derivative(float label, float x)
        {
            double t = Target(label), p = Probability(x);
            double rest = Math.Max(1 - Agreement(t, p), 0);
            double outer = gamma == 0 ? 0 : -gamma * Math.Pow(rest, gamma - 1) * ((2 * t) - 1) * Crossentropy(t, p);
            double inner = p < Epsilon || p > 1 - Epsilon ? 0 : Math.Pow(rest, gamma) * (((1 - t) / (1 - p)) - (t / p));
            return (float)(Balance(t) * (outer + inner) * (fromLogits ? p * (1 - p) : 1));
        }

        private static double Agreement(double t, double p) => (t * p) + ((1 - t) * (1 - p));

        private static double Crossentropy(double t, double p)
        {
            double q = p < Epsilon ? Epsilon : p > 1 - Epsilon ? 1 - Epsilon : p;
            return -((t * Math.Log(q)) + ((1 - t) * Math.Log(1 - q)));
        }

        private double Target(float label) => (label * (1 - smoothing)) + (0.5 * smoothing);

        private double Probability(float x) => fromLogits ? 1 / (1 + Math.Exp(-(double)x)) : x;

        private double Balance(double t) => balance ? (t * alpha) + ((1 - t) * (1 - alpha)) : 1;
    }
}

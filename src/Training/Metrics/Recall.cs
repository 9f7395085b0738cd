namespace FlatFuse.Training;

/// <summary>Of the positive elements the share that are found (<c>p &gt; threshold</c>): <c>TP / (TP + FN)</c> over all updates, 0 when there are none.</summary>
public sealed class Recall() : Metric("recall")
{
    /// <inheritdoc/>
    public override bool? GreaterIsBetter => true;

    /// <summary>Above it a prediction is positive.</summary>
    public double Threshold { get; init => field = Ranges.Fraction(value, "Recall", nameof(Threshold)); } = 0.5;

    /// <inheritdoc/>
    public override MetricState CreateState() => new State(this);

    private sealed class State(Recall metric) : ElementMetricState(metric)
    {
        private readonly float _threshold = (float)metric.Threshold;
        private double _truePositives;
        private double _falseNegatives;

        public override double Result => _truePositives + _falseNegatives == 0 ? 0 : _truePositives / (_truePositives + _falseNegatives);

        public override void Reset()
        {
            _truePositives = 0;
            _falseNegatives = 0;
        }

        protected override void Add(bool isPositive, float prediction, double weight)
        {
            bool isPredicted = prediction > _threshold;
            if (isPositive && isPredicted)
                _truePositives += weight;
            else if (isPositive && !isPredicted)
                _falseNegatives += weight;
        }
    }
}

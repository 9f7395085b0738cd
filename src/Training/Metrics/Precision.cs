namespace FlatFuse.Training;

/// <summary>Of the elements predicted positive (<c>p &gt; threshold</c>) the share that are: <c>TP / (TP + FP)</c> over all updates, 0 when there are none.</summary>
public sealed class Precision() : Metric("precision")
{
    /// <inheritdoc/>
    public override bool? GreaterIsBetter => true;

    /// <summary>Above it a prediction is positive.</summary>
    public double Threshold { get; init => field = Ranges.Fraction(value, "Precision", nameof(Threshold)); } = 0.5;

    /// <inheritdoc/>
    public override MetricState CreateState() => new State(this);

    private sealed class State(Precision metric) : ElementMetricState(metric)
    {
        private readonly float _threshold = (float)metric.Threshold;
        private double _truePositives;
        private double _falsePositives;

        public override double Result => _truePositives + _falsePositives == 0 ? 0 : _truePositives / (_truePositives + _falsePositives);

        public override void Reset()
        {
            _truePositives = 0;
            _falsePositives = 0;
        }

        protected override void Add(bool isPositive, float prediction, double weight)
        {
            bool isPredicted = prediction > _threshold;
            if (isPositive && isPredicted)
                _truePositives += weight;
            else if (!isPositive && isPredicted)
                _falsePositives += weight;
        }
    }
}

namespace FlatFuse.Training;

/// <summary>
/// The area under the ROC curve, by trapezoids between the thresholds −ε, 1/(n−1), …, (n−2)/(n−1), 1 + ε, as Keras does; predictions are
/// probabilities. 0 while one of the two classes has not been seen.
/// </summary>
/// <param name="thresholds">n, 2 or more.</param>
public sealed class AUC(int thresholds = 200) : Metric("auc")
{
    /// <inheritdoc/>
    public override bool? GreaterIsBetter => true;

    /// <summary>n: points of the curve.</summary>
    public int Thresholds { get; } = thresholds >= 2 ? thresholds : throw new ArgumentOutOfRangeException(nameof(thresholds), $"AUC: {thresholds} thresholds; expected 2 or more.");

    /// <inheritdoc/>
    public override MetricState CreateState() => new State(this);

    private sealed class State(AUC metric) : ElementMetricState(metric)
    {
        // [k] is the weight of the elements that lie above exactly k thresholds: one pass over them, whatever n.
        private readonly double[] _positives = new double[metric.Thresholds + 1];
        private readonly double[] _negatives = new double[metric.Thresholds + 1];

        public override double Result
        {
            get
            {
                double positives = Sum(_positives), negatives = Sum(_negatives);
                if (positives == 0 || negatives == 0)
                    return 0;
                double truePositives = 0, falsePositives = 0, area = 0;
                for (int k = _positives.Length - 1; k > 0; k--)
                {
                    double before = truePositives;
                    truePositives += _positives[k];
                    falsePositives += _negatives[k];
                    area += _negatives[k] * (before + truePositives) / 2;
                }
                return area / (positives * negatives);
            }
        }

        public override void Reset()
        {
            Array.Clear(_positives);
            Array.Clear(_negatives);
        }

        protected override void Add(bool isPositive, float prediction, double weight)
        {
            int last = _positives.Length - 1;
            int above = float.IsNaN(prediction) ? 0 : (int)Math.Clamp(Math.Ceiling((double)prediction * (last - 1)), 1, last - 1);
            (isPositive ? _positives : _negatives)[above] += weight;
        }

        private static double Sum(double[] values)
        {
            double sum = 0;
            foreach (double value in values)
                sum += value;
            return sum;
        }
    }
}

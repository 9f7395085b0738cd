namespace FlatFuse.Training;

/// <summary>
/// The area under the ROC or the precision-recall curve, between the thresholds −ε, 1/(n−1), …, (n−2)/(n−1), 1 + ε, as Keras does; predictions are
/// probabilities. 0 while a class that it needs has not been seen. Source: Keras 3, <c>keras.metrics.AUC</c>.
/// </summary>
/// <param name="thresholds">n, 2 or more.</param>
public sealed class AUC(int thresholds = 200) : Metric("auc")
{
    /// <inheritdoc/>
    public override bool? GreaterIsBetter => true;

    /// <summary>n: points of the curve.</summary>
    public int Thresholds { get; } = thresholds >= 2 ? thresholds : throw new ArgumentOutOfRangeException(nameof(thresholds), $"AUC: {thresholds} thresholds; expected 2 or more.");

    /// <summary>The curve: <see cref="AUCCurve.ROC"/> unless set.</summary>
    public AUCCurve Curve { get; init; }

    /// <summary>How the area is added up: <see cref="AUCSummation.Interpolation"/> unless set.</summary>
    public AUCSummation Summation { get; init; }

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
                if (positives == 0 || (negatives == 0 && metric.Curve == AUCCurve.ROC))
                    return 0;
                double truePositives = 0, falsePositives = 0, area = 0;
                // From the highest threshold down; "before" is the point at the threshold above.
                for (int k = _positives.Length - 1; k > 0; k--)
                {
                    double trueBefore = truePositives, falseBefore = falsePositives;
                    truePositives += _positives[k];
                    falsePositives += _negatives[k];
                    if (k == _positives.Length - 1)
                        continue;
                    area += metric.Curve == AUCCurve.ROC
                        ? _negatives[k] / negatives * Height(trueBefore / positives, truePositives / positives)
                        : metric.Summation == AUCSummation.Interpolation
                        ? Between(trueBefore, falseBefore, truePositives, falsePositives) / positives
                        : _positives[k] / positives * Height(Precision(trueBefore, falseBefore), Precision(truePositives, falsePositives));
                }
                return area;
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

        private double Height(double left, double right) => metric.Summation switch
        {
            AUCSummation.Minoring => Math.Min(left, right),
            AUCSummation.Majoring => Math.Max(left, right),
            _ => (left + right) / 2,
        };

        private static double Precision(double truePositives, double falsePositives)
            => truePositives == 0 ? 0 : truePositives / (truePositives + falsePositives);

        // The integral of TP / P over TP, where TP is linear in P = TP + FP.
        private static double Between(double trueBefore, double falseBefore, double trueAfter, double falseAfter)
        {
            double before = trueBefore + falseBefore, after = trueAfter + falseAfter, rise = trueAfter - trueBefore;
            if (after <= before)
                return 0;
            double slope = rise / (after - before), intercept = trueBefore - slope * before;
            return slope * (rise + (before > 0 ? intercept * Math.Log(after / before) : 0));
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

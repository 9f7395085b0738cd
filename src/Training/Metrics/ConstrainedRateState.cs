namespace FlatFuse.Training;

/// <summary>For positives and negatives the weight of the elements that lie above exactly k thresholds: one pass over them, whatever n.</summary>
internal sealed class ConstrainedRateState(ConstrainedRate metric) : ElementMetricState(metric, classId: metric.ClassId)
{
    private readonly double[] _positives = new double[metric.ThresholdCount + 1];
    private readonly double[] _negatives = new double[metric.ThresholdCount + 1];

    public override double Result
    {
        get
        {
            double truePositives = 0, falsePositives = 0, trueNegatives = 0, falseNegatives = 0, best = 0;
            for (int k = 0; k < _positives.Length; k++)
            {
                falseNegatives += _positives[k];
                trueNegatives += _negatives[k];
            }
            // From the highest threshold down: what lies above it moves from the negatives to the positives.
            for (int k = _positives.Length - 1; k > 0; k--)
            {
                truePositives += _positives[k];
                falseNegatives -= _positives[k];
                falsePositives += _negatives[k];
                trueNegatives -= _negatives[k];
                var counts = new ConfusionCounts(truePositives, falsePositives, trueNegatives, falseNegatives);
                if (metric.Allows(counts))
                    best = Math.Max(best, metric.Sought(counts));
            }
            return best;
        }
    }

    public override void Reset()
    {
        Array.Clear(_positives);
        Array.Clear(_negatives);
    }

    protected override void Add(bool isPositive, float prediction, double weight, int column, int columns)
        => (isPositive ? _positives : _negatives)[Above(prediction)] += weight;

    // How many thresholds it lies above. Evenly spaced ones are Keras's buckets: 0 falls into the first, which is above threshold 0.
    private int Above(float prediction)
    {
        int n = metric.ThresholdCount;
        if (n == 1)
            return prediction > 0.5f ? 1 : 0;
        return float.IsNaN(prediction) ? 0 : (int)Math.Clamp(Math.Ceiling((double)prediction * (n - 1)), 1, n - 1);
    }
}

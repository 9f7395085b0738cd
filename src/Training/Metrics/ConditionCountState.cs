namespace FlatFuse.Training;

/// <summary>The weight of the elements that are predicted as asked and are what was asked, at each threshold.</summary>
internal sealed class ConditionCountState(Metric metric, double[] thresholds, bool predicted, bool positive) : ElementMetricState(metric)
{
    private readonly float[] _thresholds = Array.ConvertAll(thresholds, threshold => (float)threshold);
    private readonly double[] _counts = new double[thresholds.Length];

    public override double Result
    {
        get
        {
            double sum = 0;
            foreach (double count in _counts)
                sum += count;
            return sum / _counts.Length;
        }
    }

    public override double[] Results => [.. _counts];

    public override void Reset() => Array.Clear(_counts);

    protected override void Add(bool isPositive, float prediction, double weight, int column, int columns)
    {
        if (isPositive != positive)
            return;
        for (int k = 0; k < _thresholds.Length; k++)
            _counts[k] += prediction > _thresholds[k] == predicted ? weight : 0;
    }
}

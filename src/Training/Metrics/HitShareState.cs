namespace FlatFuse.Training;

/// <summary>True positives as a share of what was predicted positive (precision) or of what is positive (recall), at each threshold.</summary>
internal sealed class HitShareState(Metric metric, double[] thresholds, int? topK, int? classId, bool ofPredicted) : ElementMetricState(metric, topK, classId)
{
    private readonly float[] _thresholds = Array.ConvertAll(thresholds, threshold => (float)threshold);
    private readonly double[] _hits = new double[thresholds.Length];
    private readonly double[] _all = new double[thresholds.Length];

    public override double Result
    {
        get
        {
            double sum = 0;
            for (int k = 0; k < _all.Length; k++)
                sum += Share(k);
            return sum / _all.Length;
        }
    }

    public override double[] Results
    {
        get
        {
            var results = new double[_all.Length];
            for (int k = 0; k < results.Length; k++)
                results[k] = Share(k);
            return results;
        }
    }

    public override void Reset()
    {
        Array.Clear(_hits);
        Array.Clear(_all);
    }

    protected override void Add(bool isPositive, float prediction, double weight, int column, int columns)
    {
        for (int k = 0; k < _thresholds.Length; k++)
        {
            bool isPredicted = prediction > _thresholds[k];
            if (!(ofPredicted ? isPredicted : isPositive))
                continue;
            _all[k] += weight;
            if (isPositive && isPredicted)
                _hits[k] += weight;
        }
    }

    private double Share(int k) => _all[k] == 0 ? 0 : _hits[k] / _all[k];
}

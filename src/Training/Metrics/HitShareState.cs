namespace FlatFuse.Training;

/// <summary>True positives as a share of what was predicted positive (precision) or of what is positive (recall).</summary>
internal sealed class HitShareState(Metric metric, double threshold, bool ofPredicted) : ElementMetricState(metric)
{
    private readonly float _threshold = (float)threshold;
    private double _hits;
    private double _all;

    public override double Result => _all == 0 ? 0 : _hits / _all;

    public override void Reset()
    {
        _hits = 0;
        _all = 0;
    }

    protected override void Add(bool isPositive, float prediction, double weight)
    {
        bool isPredicted = prediction > _threshold;
        if (!(ofPredicted ? isPredicted : isPositive))
            return;
        _all += weight;
        if (isPositive && isPredicted)
            _hits += weight;
    }
}

using FlatFuse.Tensors;

namespace FlatFuse.Training;

/// <summary>Counts of an <see cref="AUC"/>: for each label the weights of positives and negatives between two thresholds.</summary>
internal sealed class AUCState(AUC metric) : ElementMetricState(metric)
{
    private const double Epsilon = 1e-7;

    private readonly float[]? _inner = metric.InnerThresholds is { } given ? [.. given.Select(threshold => (float)threshold)] : null;

    // [label][k] is the weight of the elements that lie above exactly k thresholds: one pass over them, whatever n.
    private double[][] _positives = [];
    private double[][] _negatives = [];

    public override double Result
    {
        get
        {
            double[] areas = Areas();
            double sum = 0, weights = 0;
            for (int label = 0; label < areas.Length; label++)
            {
                double weight = metric.MultiLabel && metric.LabelWeights is { } given ? given[label] : 1;
                sum += weight * areas[label];
                weights += weight;
            }
            return weights == 0 ? 0 : sum / weights;
        }
    }

    /// <summary>The area of each label, where there is one each.</summary>
    public override Tensor<double> Details => metric.MultiLabel ? Tensor.From<double>(Areas(), [_positives.Length]) : base.Details;

    public override void Reset()
    {
        foreach (double[] counts in _positives)
            Array.Clear(counts);
        foreach (double[] counts in _negatives)
            Array.Clear(counts);
    }

    protected override void Add(bool isPositive, float prediction, double weight, int column, int columns)
    {
        int labels = metric.MultiLabel ? columns : 1;
        if (_positives.Length != labels)
            Make(labels);
        if (!metric.MultiLabel && metric.LabelWeights is { } given)
            weight *= given[column];
        if (metric.FromLogits)
            prediction = (float)(1 / (1 + Math.Exp(-prediction)));
        (isPositive ? _positives : _negatives)[metric.MultiLabel ? column : 0][_inner is null ? AboveEven(prediction) : Above(_inner, prediction)] += weight;
    }

    private int AboveEven(float prediction)
    {
        int last = metric.Thresholds;
        return float.IsNaN(prediction) ? 0 : (int)Math.Clamp(Math.Ceiling((double)prediction * (last - 1)), 1, last - 1);
    }

    // Strictly above, as Keras counts; NaN is above none.
    private static int Above(float[] inner, float prediction)
    {
        int above = (prediction > (float)-Epsilon ? 1 : 0) + (prediction > (float)(1 + Epsilon) ? 1 : 0);
        foreach (float threshold in inner)
            above += prediction > threshold ? 1 : 0;
        return above;
    }

    private void Make(int labels)
    {
        if (_positives.Length > 0)
            throw new ArgumentException($"Metric {metric.Name}: predictions have {labels} labels; expected {_positives.Length} as before. Use a metric of its own for each output.");
        _positives = New(labels);
        _negatives = New(labels);
    }

    private double[][] New(int labels)
    {
        var counts = new double[labels][];
        for (int label = 0; label < labels; label++)
            counts[label] = new double[metric.Thresholds + 1];
        return counts;
    }

    private double[] Areas()
    {
        var areas = new double[_positives.Length];
        for (int label = 0; label < areas.Length; label++)
            areas[label] = Area(_positives[label], _negatives[label]);
        return areas;
    }

    private double Area(double[] positive, double[] negative)
    {
        double positives = Sum(positive), negatives = Sum(negative);
        if (positives == 0 || (negatives == 0 && metric.Curve == AUCCurve.ROC))
            return 0;
        double truePositives = 0, falsePositives = 0, area = 0;
        // From the highest threshold down; "before" is the point at the threshold above.
        for (int k = positive.Length - 1; k > 0; k--)
        {
            double trueBefore = truePositives, falseBefore = falsePositives;
            truePositives += positive[k];
            falsePositives += negative[k];
            if (k == positive.Length - 1)
                continue;
            area += metric.Curve switch
            {
                AUCCurve.ROC => negative[k] / negatives * Height(trueBefore / positives, truePositives / positives),
                AUCCurve.PRGain => (RecallGain(truePositives) - RecallGain(trueBefore)) * Height(PrecisionGain(trueBefore, falseBefore), PrecisionGain(truePositives, falsePositives)),
                _ when metric.Summation == AUCSummation.Interpolation => Between(trueBefore, falseBefore, truePositives, falsePositives) / positives,
                _ => positive[k] / positives * Height(Precision(trueBefore, falseBefore), Precision(truePositives, falsePositives)),
            };
        }
        return area;

        // Keras's fixes: no true positive yet gives 0 and 1, a recall below the share of positives gives 0.
        double RecallGain(double hits) => hits == 0 ? 0 : Math.Max(1 - (Odds() * (positives - hits) / hits), 0);

        double PrecisionGain(double hits, double misses) => hits == 0 ? 1 : 1 - (Odds() * misses / hits);

        double Odds() => negatives == 0 ? 0 : positives / negatives;
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

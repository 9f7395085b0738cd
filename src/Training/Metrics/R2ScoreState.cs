using FlatFuse.Tensors;

namespace FlatFuse.Training;

/// <summary>Sums of an <see cref="R2Score"/>, one a column, in double.</summary>
internal sealed class R2ScoreState(R2Score metric) : MetricState
{
    private readonly EntryWeights _weights = new($"Metric {metric.Name}");
    private double[] _sum = [];
    private double[] _squares = [];
    private double[] _residuals = [];
    private double[] _weightSum = [];
    private long _count;

    public override double Result
    {
        get
        {
            double score = 0, weights = 0;
            for (int column = 0; column < _sum.Length; column++)
            {
                double weight = metric.ClassAggregation == R2Aggregation.VarianceWeightedAverage ? Total(column) : 1;
                score += weight * Score(column);
                weights += weight;
            }
            return _count == 0 ? 0 : Adjusted(score / weights);
        }
    }

    public override double[] Results
    {
        get
        {
            if (metric.ClassAggregation != R2Aggregation.None || _count == 0)
                return [Result];
            var scores = new double[_sum.Length];
            for (int column = 0; column < scores.Length; column++)
                scores[column] = Adjusted(Score(column));
            return scores;
        }
    }

    public override void Update(Tensor<float> yTrue, Tensor<float> yPred, Tensor<float>? sampleWeight = null)
    {
        ArgumentNullException.ThrowIfNull(yTrue);
        ArgumentNullException.ThrowIfNull(yPred);
        metric.CheckShapes(yTrue.Shape, yPred.Shape);
        int columns = yPred.Shape[1];
        if (_sum.Length == 0)
            (_sum, _squares, _residuals, _weightSum) = (new double[columns], new double[columns], new double[columns], new double[columns]);
        if (columns != _sum.Length)
            throw new ArgumentException($"Metric {metric.Name}: predictions have {columns} columns; expected {_sum.Length} as before. Use a metric of its own for each output.", nameof(yPred));
        bool weighsElements = sampleWeight?.Rank >= 2;
        if (sampleWeight is not null)
            _weights.Prepare(sampleWeight.Shape, weighsElements ? yPred.Shape : LossShape.Entries(yPred.Shape));
        ReadOnlySpan<float> t = yTrue.AsSpan(), p = yPred.AsSpan(), w = sampleWeight is null ? [] : sampleWeight.AsSpan();
        for (int i = 0; i < p.Length; i++)
        {
            int column = i % columns;
            double weight = sampleWeight is null ? 1 : _weights.At(w, weighsElements ? i : i / columns), error = (double)t[i] - p[i];
            _sum[column] += weight * t[i];
            _squares[column] += weight * t[i] * t[i];
            _residuals[column] += weight * error * error;
            _weightSum[column] += weight;
        }
        _count += p.Length;
    }

    public override void Reset()
    {
        Array.Clear(_sum);
        Array.Clear(_squares);
        Array.Clear(_residuals);
        Array.Clear(_weightSum);
        _count = 0;
    }

    // Σ w(t − t̄)².
    private double Total(int column) => _squares[column] - (_sum[column] * (_sum[column] / _weightSum[column]));

    private double Score(int column)
    {
        double score = 1 - (_residuals[column] / Total(column));
        return double.IsInfinity(score) ? 0 : score;
    }

    private double Adjusted(double score)
    {
        double left = _count - metric.NumRegressors - 1;
        return metric.NumRegressors == 0 || left <= 0 ? score : 1 - ((1 - score) * (_count - 1) / left);
    }
}

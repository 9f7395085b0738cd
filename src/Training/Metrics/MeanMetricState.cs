using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Training;

/// <summary>The weighted mean of a <see cref="MeanMetric"/>'s values; sums in double.</summary>
internal sealed class MeanMetricState(MeanMetric metric) : MetricState
{
    private readonly EntryWeights _weights = new($"Metric {metric.Name}");
    private readonly Workers _workers = new(threads: 1);
    private float[] _values = [];
    private float[] _saved = [];
    private double _sum;
    private double _weightSum;

    public override double Result => metric.Finish(_weightSum == 0 ? 0 : _sum / _weightSum);

    public override void Update(Tensor<float> yTrue, Tensor<float> yPred, Tensor<float>? sampleWeight = null)
    {
        ArgumentNullException.ThrowIfNull(yTrue);
        ArgumentNullException.ThrowIfNull(yPred);
        metric.CheckShapes(yTrue.Shape, yPred.Shape);
        ReadOnlySpan<int> entries = metric.CountsElements ? yPred.Shape : LossShape.Entries(yPred.Shape);
        int rows = Shapes.Count(entries), columns = metric.CountsElements ? 1 : LossShape.Columns(yPred.Shape);
        var batch = new LossBatch
        {
            Rows = rows,
            Columns = columns,
            Target = yTrue.AsSpan(),
            Prediction = yPred.AsSpan(),
            Saved = Sized(ref _saved, metric.SavedLength(rows, columns)),
            Workers = _workers,
        };
        Span<float> values = Sized(ref _values, rows);
        metric.Values(batch, values);
        ReadOnlySpan<float> weights = sampleWeight is null ? [] : sampleWeight.AsSpan();
        if (sampleWeight is not null)
            _weights.Prepare(sampleWeight.Shape, entries);
        for (int i = 0; i < rows; i++)
        {
            if (metric.IgnoredClass is { } ignored && batch.Target[i] == ignored)
                continue;
            double weight = sampleWeight is null ? 1 : _weights.At(weights, i);
            _sum += weight * values[i];
            _weightSum += weight;
        }
    }

    public override void Reset()
    {
        _sum = 0;
        _weightSum = 0;
    }

    private static Span<float> Sized(ref float[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = new float[length];
        return buffer.AsSpan(0, length);
    }
}

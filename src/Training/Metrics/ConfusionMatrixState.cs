using System.Globalization;
using FlatFuse.Tensors;

namespace FlatFuse.Training;

/// <summary>A running confusion matrix, and what is computed from it.</summary>
public sealed class ConfusionMatrixState : MetricState
{
    private const double Epsilon = 1e-7;

    private readonly Metric _metric;
    private readonly int _classes;
    private readonly bool? _sparseTrue;
    private readonly bool? _sparsePrediction;
    private readonly int? _ignoreClass;
    private readonly int[]? _intersections;
    private readonly double[] _counts;
    private readonly EntryWeights _weights;

    internal ConfusionMatrixState(Metric metric, int classes, bool? sparseTrue, bool? sparsePrediction, int? ignoreClass, int[]? intersections)
    {
        _metric = metric;
        _classes = classes;
        _sparseTrue = sparseTrue;
        _sparsePrediction = sparsePrediction;
        _ignoreClass = ignoreClass;
        _intersections = intersections;
        _counts = new double[classes * classes];
        _weights = new EntryWeights($"Metric {metric.Name}");
    }

    /// <summary>A copy of the matrix: [true class, predicted class].</summary>
    public double[,] Matrix
    {
        get
        {
            var matrix = new double[_classes, _classes];
            for (int i = 0; i < _counts.Length; i++)
                matrix[i / _classes, i % _classes] = _counts[i];
            return matrix;
        }
    }

    /// <summary>When set, predictions from it on are class 1, others class 0.</summary>
    internal double? Threshold { get; init; }

    /// <inheritdoc/>
    public override double Result => _intersections is null ? DiagonalShare() : MeanIntersection(_intersections);

    /// <summary>The matrix (true classes, predicted classes), or for an <see cref="IoU"/> or a <see cref="MeanIoU"/> one number a chosen class.</summary>
    public override Tensor<double> Details
        => _intersections is null
            ? Tensor.From<double>(_counts, [_classes, _classes])
            : Tensor.From<double>(Array.ConvertAll(_intersections, Intersection), [_intersections.Length]);

    /// <inheritdoc/>
    public override void Reset() => Array.Clear(_counts);

    /// <inheritdoc/>
    public override void Update(Tensor<float> yTrue, Tensor<float> yPred, Tensor<float>? sampleWeight = null)
    {
        ArgumentNullException.ThrowIfNull(yTrue);
        ArgumentNullException.ThrowIfNull(yPred);
        bool sparseTrue = IsSparse(_sparseTrue, yTrue.Shape, _classes), sparsePrediction = IsSparse(_sparsePrediction, yPred.Shape, _classes);
        CheckShapes(_metric.Name, yTrue.Shape, yPred.Shape, sparseTrue, sparsePrediction);
        ReadOnlySpan<float> t = yTrue.AsSpan(), p = yPred.AsSpan(), w = sampleWeight is null ? [] : sampleWeight.AsSpan();
        int trueColumns = sparseTrue ? 1 : yTrue.Shape[^1], columns = sparsePrediction ? 1 : yPred.Shape[^1];
        if (sampleWeight is not null)
            _weights.Prepare(sampleWeight.Shape, sparsePrediction ? yPred.Shape : LossShape.Entries(yPred.Shape));
        // A single probability is no class number yet.
        bool isProbability = _sparsePrediction is null && sparsePrediction && _classes == 2;
        for (int i = 0; i < p.Length / columns; i++)
        {
            float label = sparseTrue ? t[i] : ArgMax.Of(t.Slice(i * trueColumns, trueColumns));
            if (label == _ignoreClass)
                continue;
            float predicted = !sparsePrediction ? ArgMax.Of(p.Slice(i * columns, columns))
                : Threshold is { } threshold ? (p[i] >= (float)threshold ? 1f : 0f)
                : isProbability ? (p[i] > 0.5f ? 1f : 0f)
                : p[i];
            _counts[Class(label, "target") * _classes + Class(predicted, "prediction")] += sampleWeight is null ? 1 : _weights.At(w, i);
        }
    }

    /// <summary>Whether values are class numbers: as said, or, where nothing is said, when the last axis has not one column a class.</summary>
    internal static bool IsSparse(bool? said, ReadOnlySpan<int> shape, int classes)
        => said ?? (shape.Length < 2 || shape[^1] != classes);

    internal static void CheckShapes(string name, ReadOnlySpan<int> target, ReadOnlySpan<int> prediction, bool sparseTrue, bool sparsePrediction)
    {
        ReadOnlySpan<int> targetEntries = sparseTrue ? target : LossShape.Entries(target), predictionEntries = sparsePrediction ? prediction : LossShape.Entries(prediction);
        if (!LossShape.SameUpToLastOne(targetEntries, predictionEntries))
            throw new ArgumentException($"Metric {name}: the target has shape {Shapes.Format(target)}, the prediction {Shapes.Format(prediction)}; expected one class number, or one row of scores, an entry in both.", "yTrue");
    }

    private int Class(float value, string what)
    {
        // Keras cuts fractions off; NaN fails the comparison.
        int whole = value > -1f && value < _classes ? (int)value : -1;
        return whole >= 0
            ? whole
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Metric {_metric.Name}: the {what} {value} is no class; expected 0 to {_classes - 1}."));
    }

    private double DiagonalShare()
    {
        double hits = 0, all = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            all += _counts[i];
            hits += i % (_classes + 1) == 0 ? _counts[i] : 0;
        }
        return all == 0 ? 0 : hits / all;
    }

    private double MeanIntersection(int[] classes)
    {
        double sum = 0;
        int seen = 0;
        foreach (int c in classes)
        {
            seen += Union(c) > 1e-9 ? 1 : 0;
            sum += Intersection(c);
        }
        return sum / (seen + Epsilon);
    }

    private double Intersection(int c) => _counts[c * _classes + c] / (Union(c) + Epsilon);

    private double Union(int c)
    {
        double union = -_counts[c * _classes + c];
        for (int other = 0; other < _classes; other++)
            union += _counts[c * _classes + other] + _counts[other * _classes + c];
        return union;
    }
}

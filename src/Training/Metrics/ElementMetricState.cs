using FlatFuse.Tensors;

namespace FlatFuse.Training;

/// <summary>
/// Walks over single predictions with their weights, one an element (the predictions' rank) or one an entry; metrics that count add what
/// they count.
/// </summary>
/// <param name="metric">The metric.</param>
/// <param name="topK">When set, predictions that are not among the k largest of their row (the first of equals) count as −∞.</param>
/// <param name="classId">When set, only this column counts.</param>
internal abstract class ElementMetricState(Metric metric, int? topK = null, int? classId = null) : MetricState
{
    private readonly EntryWeights _weights = new($"Metric {metric.Name}");

    public override void Update(Tensor<float> yTrue, Tensor<float> yPred, Tensor<float>? sampleWeight = null)
    {
        ArgumentNullException.ThrowIfNull(yTrue);
        ArgumentNullException.ThrowIfNull(yPred);
        metric.CheckShapes(yTrue.Shape, yPred.Shape);
        ReadOnlySpan<float> t = yTrue.AsSpan(), p = yPred.AsSpan(), w = sampleWeight is null ? [] : sampleWeight.AsSpan();
        bool weighsElements = sampleWeight?.Rank >= yPred.Rank;
        if (sampleWeight is not null)
            _weights.Prepare(sampleWeight.Shape, weighsElements ? yPred.Shape : LossShape.Entries(yPred.Shape));
        int elementsPerWeight = weighsElements ? 1 : LossShape.Columns(yPred.Shape);
        int columns = LossShape.Columns(yPred.Shape), only = classId ?? -1;
        if (only >= columns)
            throw new ArgumentException($"Metric {metric.Name}: class {only} does not exist in predictions of shape {Shapes.Format(yPred.Shape)}; expected a class id below {columns}.", nameof(yPred));
        for (int i = 0; i < p.Length; i++)
        {
            int column = i % columns;
            if (only >= 0 && column != only)
                continue;
            float prediction = topK is { } k && Rank(p.Slice(i - column, columns), column) >= k ? float.NegativeInfinity : p[i];
            Add(t[i] != 0f, prediction, sampleWeight is null ? 1 : _weights.At(w, i / elementsPerWeight), column, columns);
        }
    }

    /// <summary>Counts one prediction, which stands in a column of its row.</summary>
    protected abstract void Add(bool isPositive, float prediction, double weight, int column, int columns);

    // How many predictions of the row come before this one: the greater ones, and of equals the earlier.
    private static int Rank(ReadOnlySpan<float> row, int column)
    {
        int rank = 0;
        for (int i = 0; i < row.Length; i++)
            rank += row[i] > row[column] || (i < column && row[i] == row[column]) ? 1 : 0;
        return rank;
    }
}

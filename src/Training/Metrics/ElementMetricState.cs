using FlatFuse.Tensors;

namespace FlatFuse.Training;

/// <summary>
/// Walks over single predictions with their weights, one an element (the predictions' rank) or one an entry; metrics that count add what
/// they count.
/// </summary>
internal abstract class ElementMetricState(Metric metric) : MetricState
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
        for (int i = 0; i < p.Length; i++)
            Add(t[i] != 0f, p[i], sampleWeight is null ? 1 : _weights.At(w, i / elementsPerWeight));
    }

    protected abstract void Add(bool isPositive, float prediction, double weight);
}

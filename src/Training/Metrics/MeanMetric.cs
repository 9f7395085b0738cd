using FlatFuse.Tensors;

namespace FlatFuse.Training;

/// <summary>A metric with a value for each entry (row of the predictions' last axis): the result is <c>Σ w·value / Σ w</c> over all updates.</summary>
/// <param name="name">The key in a history.</param>
public abstract class MeanMetric(string name) : Metric(name)
{
    /// <summary>True when a target is one class number an entry instead of the predictions' shape.</summary>
    public virtual bool TakesClassNumbers => false;

    /// <summary>The class number whose entries count nothing; null when there is none.</summary>
    protected internal virtual int? IgnoredClass => null;

    /// <summary>True when every element is an entry of its own, and may have a weight of its own: Keras takes no mean over the last axis then.</summary>
    protected internal virtual bool CountsElements => false;

    /// <inheritdoc/>
    public override MetricState CreateState() => new MeanMetricState(this);

    /// <inheritdoc/>
    public override void CheckShapes(ReadOnlySpan<int> targetShape, ReadOnlySpan<int> predictionShape)
    {
        ReadOnlySpan<int> expected = TakesClassNumbers ? LossShape.Entries(predictionShape) : predictionShape;
        if (!LossShape.SameUpToLastOne(targetShape, expected))
            throw new ArgumentException($"Metric {Name}: the target has shape {Shapes.Format(targetShape)}, the prediction {Shapes.Format(predictionShape)}; expected a target of shape {Shapes.Format(expected)}.", "yTrue");
    }

    /// <summary>Floats of working memory that <see cref="Values"/> finds in <see cref="LossBatch.Saved"/>.</summary>
    /// <param name="rows">Number of entries.</param>
    /// <param name="columns">Size of the last axis.</param>
    protected internal virtual int SavedLength(int rows, int columns) => 0;

    /// <summary>Writes the value of each entry, without weights.</summary>
    /// <param name="batch">Targets and predictions.</param>
    /// <param name="values">One an entry, overwritten.</param>
    protected internal abstract void Values(in LossBatch batch, Span<float> values);

    /// <summary>From the mean to the result, for example a root.</summary>
    /// <param name="mean">The weighted mean of all values.</param>
    protected internal virtual double Finish(double mean) => mean;
}

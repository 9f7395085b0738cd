using FlatFuse.Tensors;

namespace FlatFuse.Training;

/// <summary>
/// A number that tells how good predictions are, over all batches since the last reset. A metric is an immutable description; running sums
/// live in the <see cref="MetricState"/> it creates.
/// </summary>
public abstract partial class Metric
{
    private string _name;

    /// <summary>Names a metric.</summary>
    /// <param name="name">The key in a history: <c>accuracy</c>, <c>mae</c>, <c>mse</c>, else the class name in snake case.</param>
    protected Metric(string name) => _name = name;

    /// <summary>The key in a history.</summary>
    public string Name
    {
        get => _name;
        init => _name = value;
    }

    /// <summary>True when a greater number is the better one, false when a smaller one is; null when the metric does not say.</summary>
    public virtual bool? GreaterIsBetter => null;

    /// <summary>Creates running sums at zero.</summary>
    public abstract MetricState CreateState();

    /// <summary>
    /// The metric that is meant for an output: this one, except for <see cref="Accuracy"/>, which becomes binary, categorical or sparse as in Keras.
    /// </summary>
    /// <param name="outputShape">The prediction's shape with its batch axis, null where an axis is not known.</param>
    /// <param name="targetShape">The target's shape with its batch axis; empty when not known yet, then the loss decides.</param>
    /// <param name="loss">The output's loss; null when it has none.</param>
    public virtual Metric Resolve(ReadOnlySpan<int?> outputShape, ReadOnlySpan<int?> targetShape, Loss? loss) => this;

    /// <summary>The same metric under another key.</summary>
    /// <param name="name">The key in a history.</param>
    public Metric WithName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var copy = (Metric)MemberwiseClone();
        copy._name = name;
        return copy;
    }

    /// <summary>Checks that targets fit, before the first step; throws as <see cref="MetricState.Update"/> would.</summary>
    /// <param name="targetShape">The targets' shape.</param>
    /// <param name="predictionShape">The predictions' shape.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public virtual void CheckShapes(ReadOnlySpan<int> targetShape, ReadOnlySpan<int> predictionShape)
    {
        if (!LossShape.SameUpToLastOne(targetShape, predictionShape))
            throw new ArgumentException($"Metric {Name}: the target has shape {Shapes.Format(targetShape)}, the prediction {Shapes.Format(predictionShape)}; expected the same shape.", "yTrue");
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

namespace FlatFuse.Training;

/// <summary>
/// <see cref="IoU"/> of one-hot targets: the mean over chosen classes of <c>TP / (TP + FP + FN)</c>, counted over all updates; classes that never occurred do not count. The classes' own numbers
/// stand in <see cref="MetricState.Details"/>. Source: Keras 3, <c>keras.metrics.OneHotIoU</c>, with its 1e-7 in both denominators.
/// </summary>
public sealed class OneHotIoU : Metric
{
    private readonly int[] _targetClassIds;

    /// <summary>Creates the metric.</summary>
    /// <param name="classes">2 or more.</param>
    /// <param name="targetClassIds">The classes to average over, one at least.</param>
    /// <exception cref="ArgumentException">There are too few classes, or a chosen one is none of them.</exception>
    public OneHotIoU(int classes, params ReadOnlySpan<int> targetClassIds)
        : base("one_hot_io_u")
    {
        Classes = classes >= 2 ? classes : throw new ArgumentOutOfRangeException(nameof(classes), $"OneHotIoU: {classes} classes; expected 2 or more.");
        _targetClassIds = targetClassIds.ToArray();
        if (_targetClassIds.Length == 0 || Array.Exists(_targetClassIds, id => id < 0 || id >= classes))
            throw new ArgumentException($"OneHotIoU: the target classes are ({string.Join(", ", _targetClassIds)}); expected one or more of 0 to {classes - 1}.", nameof(targetClassIds));
    }

    /// <inheritdoc/>
    public override bool? GreaterIsBetter => true;

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>The classes to average over.</summary>
    public IReadOnlyList<int> TargetClassIds => _targetClassIds;

    /// <summary>Entries with this true class do not count; none when null.</summary>
    public int? IgnoreClass { get; init; }

    /// <summary>True when predictions are class numbers; false, as Keras expects, when they are scores over the last axis.</summary>
    public bool SparsePredictions { get; init; }

    /// <inheritdoc/>
    public override ConfusionMatrixState CreateState() => new(this, Classes, sparseTrue: false, SparsePredictions, IgnoreClass, _targetClassIds);

    /// <inheritdoc/>
    public override void CheckShapes(ReadOnlySpan<int> targetShape, ReadOnlySpan<int> predictionShape)
        => ConfusionMatrixState.CheckShapes(Name, targetShape, predictionShape, sparseTrue: false, SparsePredictions);
}

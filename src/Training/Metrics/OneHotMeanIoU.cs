namespace FlatFuse.Training;

/// <summary>
/// <see cref="MeanIoU"/> of one-hot targets: the mean over classes of <c>TP / (TP + FP + FN)</c>, counted over all updates; classes that never occurred do not count. The classes' own numbers stand in
/// <see cref="MetricState.Details"/>.
/// Source: Keras 3, <c>keras.metrics.OneHotMeanIoU</c>, with its 1e-7 in both denominators.
/// </summary>
/// <param name="classes">2 or more.</param>
public sealed class OneHotMeanIoU(int classes) : Metric("one_hot_mean_io_u")
{
    /// <inheritdoc/>
    public override bool? GreaterIsBetter => true;

    /// <summary>The number of classes.</summary>
    public int Classes { get; } = classes >= 2 ? classes : throw new ArgumentOutOfRangeException(nameof(classes), $"OneHotMeanIoU: {classes} classes; expected 2 or more.");

    /// <summary>Entries with this true class do not count; none when null.</summary>
    public int? IgnoreClass { get; init; }

    /// <summary>True when predictions are class numbers; false, as Keras expects, when they are scores over the last axis.</summary>
    public bool SparsePredictions { get; init; }

    /// <inheritdoc/>
    public override ConfusionMatrixState CreateState() => new(this, Classes, sparseTrue: false, SparsePredictions, IgnoreClass, [.. Enumerable.Range(0, Classes)]);

    /// <inheritdoc/>
    public override void CheckShapes(ReadOnlySpan<int> targetShape, ReadOnlySpan<int> predictionShape)
        => ConfusionMatrixState.CheckShapes(Name, targetShape, predictionShape, sparseTrue: false, SparsePredictions);
}

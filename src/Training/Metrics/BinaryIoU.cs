namespace FlatFuse.Training;

/// <summary>
/// <see cref="IoU"/> of two classes, where a prediction is class 1 when <c>p ≥ threshold</c>. Targets are 0 or 1, in the predictions' shape.
/// Source: Keras 3, <c>keras.metrics.BinaryIoU</c>.
/// </summary>
public sealed class BinaryIoU : Metric
{
    private readonly int[] _targetClassIds;

    /// <summary>Creates the metric.</summary>
    /// <param name="targetClassIds">The classes to average over, 0, 1 or both; both when none is given.</param>
    /// <exception cref="ArgumentException">There is another class.</exception>
    public BinaryIoU(params ReadOnlySpan<int> targetClassIds)
        : base("binary_io_u")
    {
        _targetClassIds = targetClassIds.IsEmpty ? [0, 1] : targetClassIds.ToArray();
        if (Array.Exists(_targetClassIds, id => id is not (0 or 1)))
            throw new ArgumentException($"BinaryIoU: the target classes are ({string.Join(", ", _targetClassIds)}); expected 0, 1 or both.", nameof(targetClassIds));
    }

    /// <inheritdoc/>
    public override bool? GreaterIsBetter => true;

    /// <summary>The classes to average over.</summary>
    public IReadOnlyList<int> TargetClassIds => _targetClassIds;

    /// <summary>From it on a prediction is class 1: 0.5 unless set, any finite number for logits.</summary>
    public double Threshold { get; init => field = Ranges.Finite(value, "BinaryIoU", nameof(Threshold)); } = 0.5;

    /// <inheritdoc/>
    public override ConfusionMatrixState CreateState() => new(this, 2, sparseTrue: true, sparsePrediction: true, ignoreClass: null, _targetClassIds) { Threshold = Threshold };

    /// <inheritdoc/>
    public override void CheckShapes(ReadOnlySpan<int> targetShape, ReadOnlySpan<int> predictionShape)
        => ConfusionMatrixState.CheckShapes(Name, targetShape, predictionShape, sparseTrue: true, sparsePrediction: true);
}

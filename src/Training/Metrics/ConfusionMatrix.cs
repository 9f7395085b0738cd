using FlatFuse.Tensors;

namespace FlatFuse.Training;

/// <summary>
/// How often each true class (row) was predicted as each class (column), weighted, over all updates. A last axis of as many columns as classes
/// means scores, of which the largest counts; otherwise targets and predictions are class numbers, and a single prediction between 0 and 1 of two
/// classes is class 1 above 0.5. The single result is the share on the diagonal; the matrix stands in <see cref="MetricState.Details"/>, after an evaluation in
/// <c>Evaluation.Details</c>.
/// </summary>
/// <param name="classes">2 or more.</param>
public sealed class ConfusionMatrix(int classes) : Metric("confusion_matrix")
{
    /// <inheritdoc/>
    public override bool? GreaterIsBetter => true;

    /// <summary>The number of classes.</summary>
    public int Classes { get; } = classes >= 2 ? classes : throw new ArgumentOutOfRangeException(nameof(classes), $"ConfusionMatrix: {classes} classes; expected 2 or more.");

    /// <inheritdoc/>
    public override ConfusionMatrixState CreateState() => new(this, Classes, sparseTrue: null, sparsePrediction: null, ignoreClass: null, intersections: null);

    /// <inheritdoc/>
    public override void CheckShapes(ReadOnlySpan<int> targetShape, ReadOnlySpan<int> predictionShape)
        => ConfusionMatrixState.CheckShapes(Name, targetShape, predictionShape, ConfusionMatrixState.IsSparse(null, targetShape, Classes), ConfusionMatrixState.IsSparse(null, predictionShape, Classes));
}

namespace FlatFuse.Training;

/// <summary>
/// <see cref="Metric.Accuracy"/> before the output is known. Keras chooses by shapes: one column is binary; class numbers (a target without the
/// class axis, or with 1 there) are sparse; else categorical.
/// </summary>
internal sealed class AccuracyPlaceholder() : Metric("accuracy")
{
    public override MetricState CreateState()
        => throw new InvalidOperationException("Metric accuracy is chosen by Compile: call Resolve(outputShape, targetShape, loss) first, or use BinaryAccuracy, CategoricalAccuracy or SparseCategoricalAccuracy.");

    public override Metric Resolve(ReadOnlySpan<int?> outputShape, ReadOnlySpan<int?> targetShape, Loss? loss)
    {
        bool isBinary = outputShape.Length < 2 || outputShape[^1] == 1;
        bool isSparse = targetShape.Length == 0
            ? loss is { TakesClassNumbers: true }
            : targetShape.Length < outputShape.Length || (targetShape[^1] == 1 && outputShape[^1] != 1);
        return isBinary
            ? new BinaryAccuracy { Name = Name }
            : isSparse ? new SparseCategoricalAccuracy { Name = Name } : new CategoricalAccuracy { Name = Name };
    }

    public override void CheckShapes(ReadOnlySpan<int> targetShape, ReadOnlySpan<int> predictionShape)
    {
    }
}

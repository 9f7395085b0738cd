namespace FlatFuse.Training;

/// <summary>The value of a <see cref="SparseCategoricalCrossentropy"/>, averaged over entries.</summary>
/// <param name="loss">From logits, smoothed or plain.</param>
public sealed class SparseCategoricalCrossentropyMetric(SparseCategoricalCrossentropy loss) : LossMetric("sparse_categorical_crossentropy", loss)
{
    /// <summary>Of probabilities.</summary>
    public SparseCategoricalCrossentropyMetric()
        : this(Loss.SparseCategoricalCrossentropy)
    {
    }
}

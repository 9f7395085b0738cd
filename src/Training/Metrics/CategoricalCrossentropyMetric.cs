namespace FlatFuse.Training;

/// <summary>The value of a <see cref="CategoricalCrossentropy"/>, averaged over entries.</summary>
/// <param name="loss">From logits, smoothed or plain.</param>
public sealed class CategoricalCrossentropyMetric(CategoricalCrossentropy loss) : LossMetric("categorical_crossentropy", loss)
{
    /// <summary>Of probabilities.</summary>
    public CategoricalCrossentropyMetric()
        : this(Loss.CategoricalCrossentropy)
    {
    }
}

namespace FlatFuse.Training;

/// <summary>The value of a <see cref="BinaryCrossentropy"/>, averaged over entries.</summary>
/// <param name="loss">From logits, smoothed or plain.</param>
public sealed class BinaryCrossentropyMetric(BinaryCrossentropy loss) : LossMetric("binary_crossentropy", loss)
{
    /// <summary>Of probabilities.</summary>
    public BinaryCrossentropyMetric()
        : this(Loss.BinaryCrossentropy)
    {
    }
}

namespace FlatFuse.Training;

/// <summary>
/// Of the positive elements the share that are found (<c>p &gt; threshold</c>): <c>TP / (TP + FN)</c> over all updates, 0 when there are none. With several
/// <see cref="HitShare.Thresholds"/> there is one value each, and the result is their mean. Source: Keras 3, <c>keras.metrics.Recall</c>.
/// </summary>
public sealed class Recall() : HitShare("recall", ofPredicted: false);

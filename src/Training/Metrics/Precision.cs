namespace FlatFuse.Training;

/// <summary>
/// Of the elements predicted positive (<c>p &gt; threshold</c>) the share that are: <c>TP / (TP + FP)</c> over all updates, 0 when there are none. With several
/// <see cref="HitShare.Thresholds"/> there is one value each, and the result is their mean. Source: Keras 3, <c>keras.metrics.Precision</c>.
/// </summary>
public sealed class Precision() : HitShare("precision", ofPredicted: true);

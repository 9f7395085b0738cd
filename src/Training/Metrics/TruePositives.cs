namespace FlatFuse.Training;

/// <summary>How many positive elements that are predicted positive, over all updates. Source: Keras 3, <c>keras.metrics.TruePositives</c>.</summary>
public sealed class TruePositives() : ConditionCount("true_positives", predicted: true, positive: true);

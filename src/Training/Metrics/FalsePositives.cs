namespace FlatFuse.Training;

/// <summary>How many negative elements that are predicted positive, over all updates. Source: Keras 3, <c>keras.metrics.FalsePositives</c>.</summary>
public sealed class FalsePositives() : ConditionCount("false_positives", predicted: true, positive: false);

namespace FlatFuse.Training;

/// <summary>How many positive elements that are predicted negative, over all updates. Source: Keras 3, <c>keras.metrics.FalseNegatives</c>.</summary>
public sealed class FalseNegatives() : ConditionCount("false_negatives", predicted: false, positive: true);

namespace FlatFuse.Training;

/// <summary>How many negative elements that are predicted negative, over all updates. Source: Keras 3, <c>keras.metrics.TrueNegatives</c>.</summary>
public sealed class TrueNegatives() : ConditionCount("true_negatives", predicted: false, positive: false);

namespace FlatFuse.Training;

/// <summary>The harmonic mean of precision and recall: <see cref="FBetaScore"/> with beta 1. Source: Keras 3, <c>keras.metrics.F1Score</c>.</summary>
public sealed class F1Score() : FBetaScore("f1_score", 1)
{
}

namespace FlatFuse.Training;

/// <summary>The greatest precision <c>TP / (TP + FP)</c> where the recall <c>TP / (TP + FN)</c> reaches a value. Source: Keras 3, <c>keras.metrics.PrecisionAtRecall</c>.</summary>
/// <param name="recall">The least recall, from 0 to 1.</param>
/// <param name="thresholds">How many thresholds are tried, 1 or more.</param>
public sealed class PrecisionAtRecall(double recall, int thresholds = 200) : ConstrainedRate("precision_at_recall", recall, nameof(LeastRecall), thresholds)
{
    /// <summary>The least recall.</summary>
    public double LeastRecall => Least;

    internal override double Sought(in ConfusionCounts counts) => counts.Precision;

    internal override double Bound(in ConfusionCounts counts) => counts.Recall;
}

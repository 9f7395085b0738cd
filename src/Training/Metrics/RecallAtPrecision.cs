namespace FlatFuse.Training;

/// <summary>The greatest recall <c>TP / (TP + FN)</c> where the precision <c>TP / (TP + FP)</c> reaches a value. Source: Keras 3, <c>keras.metrics.RecallAtPrecision</c>.</summary>
/// <param name="precision">The least precision, from 0 to 1.</param>
/// <param name="thresholds">How many thresholds are tried, 1 or more.</param>
public sealed class RecallAtPrecision(double precision, int thresholds = 200) : ConstrainedRate("recall_at_precision", precision, nameof(LeastPrecision), thresholds)
{
    /// <summary>The least precision.</summary>
    public double LeastPrecision => Least;

    internal override double Sought(in ConfusionCounts counts) => counts.Recall;

    internal override double Bound(in ConfusionCounts counts) => counts.Precision;
}

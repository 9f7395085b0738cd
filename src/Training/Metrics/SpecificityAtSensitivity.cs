namespace FlatFuse.Training;

/// <summary>The greatest specificity <c>TN / (TN + FP)</c> where the sensitivity <c>TP / (TP + FN)</c> reaches a value. Source: Keras 3, <c>keras.metrics.SpecificityAtSensitivity</c>.</summary>
/// <param name="sensitivity">The least sensitivity, from 0 to 1.</param>
/// <param name="thresholds">How many thresholds are tried, 1 or more.</param>
public sealed class SpecificityAtSensitivity(double sensitivity, int thresholds = 200) : ConstrainedRate("specificity_at_sensitivity", sensitivity, nameof(LeastSensitivity), thresholds)
{
    /// <summary>The least sensitivity.</summary>
    public double LeastSensitivity => Least;

    internal override double Sought(in ConfusionCounts counts) => counts.Specificity;

    internal override double Bound(in ConfusionCounts counts) => counts.Recall;
}

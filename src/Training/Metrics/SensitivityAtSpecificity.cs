namespace FlatFuse.Training;

/// <summary>The greatest sensitivity <c>TP / (TP + FN)</c> where the specificity <c>TN / (TN + FP)</c> reaches a value. Source: Keras 3, <c>keras.metrics.SensitivityAtSpecificity</c>.</summary>
/// <param name="specificity">The least specificity, from 0 to 1.</param>
/// <param name="thresholds">How many thresholds are tried, 1 or more.</param>
public sealed class SensitivityAtSpecificity(double specificity, int thresholds = 200) : ConstrainedRate("sensitivity_at_specificity", specificity, nameof(LeastSpecificity), thresholds)
{
    /// <summary>The least specificity.</summary>
    public double LeastSpecificity => Least;

    internal override double Sought(in ConfusionCounts counts) => counts.Recall;

    internal override double Bound(in ConfusionCounts counts) => counts.Specificity;
}

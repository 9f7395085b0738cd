namespace FlatFuse.Training;

/// <summary>How <see cref="AUC"/> adds up the area between two thresholds.</summary>
public enum AUCSummation
{
    /// <summary>Trapezoids; for <see cref="AUCCurve.PR"/> the positives grow linearly in between, not their ratio (Davis and Goadrich, 2006).</summary>
    Interpolation,

    /// <summary>The smaller height: a lower bound.</summary>
    Minoring,

    /// <summary>The greater height: an upper bound.</summary>
    Majoring,
}

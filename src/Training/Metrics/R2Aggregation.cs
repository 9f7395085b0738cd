namespace FlatFuse.Training;

/// <summary>How <see cref="R2Score"/> makes one number of the scores of several columns.</summary>
public enum R2Aggregation
{
    /// <summary>Their mean.</summary>
    UniformAverage,

    /// <summary>Their mean weighted by the columns' variances.</summary>
    VarianceWeightedAverage,

    /// <summary>Not at all: <see cref="MetricState.Results"/> has one a column, the result is their mean.</summary>
    None,
}

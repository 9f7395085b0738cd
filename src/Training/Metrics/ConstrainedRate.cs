namespace FlatFuse.Training;

/// <summary>
/// The greatest value of one rate over all thresholds where another rate reaches a given value; 0 when it is reached nowhere. The thresholds are
/// 0, 1/(n−1), …, 1, or 0.5 alone for n = 1; an element is predicted positive when <c>p &gt; threshold</c>, and at threshold 0 always, as in Keras.
/// </summary>
public abstract class ConstrainedRate : Metric
{
    private protected ConstrainedRate(string name, double least, string leastName, int thresholds)
        : base(name)
    {
        string owner = GetType().Name;
        Least = Ranges.Fraction(least, owner, leastName);
        ThresholdCount = thresholds >= 1 ? thresholds : throw new ArgumentOutOfRangeException(nameof(thresholds), $"{owner}: {thresholds} thresholds; expected 1 or more.");
    }

    /// <inheritdoc/>
    public sealed override bool? GreaterIsBetter => true;

    /// <summary>n: how many thresholds are tried.</summary>
    public int ThresholdCount { get; }

    /// <summary>When set, only this index of the last axis counts.</summary>
    public int? ClassId { get; init => field = Ranges.AtLeast(value, 0, GetType().Name, nameof(ClassId)); }

    /// <summary>What the other rate must reach.</summary>
    private protected double Least { get; }

    /// <inheritdoc/>
    public sealed override MetricState CreateState() => new ConstrainedRateState(this);

    /// <summary>Whether the other rate reaches its value.</summary>
    internal bool Allows(in ConfusionCounts counts) => Bound(counts) >= Least;

    /// <summary>The rate of which the greatest is sought.</summary>
    internal abstract double Sought(in ConfusionCounts counts);

    /// <summary>The rate that must reach its value.</summary>
    internal abstract double Bound(in ConfusionCounts counts);
}

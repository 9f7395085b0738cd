namespace FlatFuse.Training;

/// <summary>
/// Counts the elements of one cell of the binary confusion table, or adds up their weights; an element is predicted positive when <c>p &gt; threshold</c>. With
/// several <see cref="Thresholds"/> there is one count each in <see cref="MetricState.Results"/>, and the result is their mean.
/// </summary>
public abstract class ConditionCount : Metric
{
    private readonly bool _predicted;
    private readonly bool _positive;

    private protected ConditionCount(string name, bool predicted, bool positive)
        : base(name)
        => (_predicted, _positive) = (predicted, positive);

    /// <summary>More of what was found rightly is better, less of what was not.</summary>
    public sealed override bool? GreaterIsBetter => _predicted == _positive;

    /// <summary>0.5 unless set, each from 0 to 1.</summary>
    public IReadOnlyList<double> Thresholds { get; init => field = Ranges.Thresholds(value, GetType().Name); } = [0.5];

    /// <inheritdoc/>
    public sealed override MetricState CreateState() => new ConditionCountState(this, [.. Thresholds], _predicted, _positive);
}

namespace FlatFuse.Training;

/// <summary>
/// True positives as a share of others: what <see cref="Precision"/> and <see cref="Recall"/> share. With several <see cref="Thresholds"/> there is one value
/// each, and the result is their mean.
/// </summary>
public abstract class HitShare : Metric
{
    private readonly bool _ofPredicted;
    private double[]? _thresholds;

    private protected HitShare(string name, bool ofPredicted)
        : base(name)
        => _ofPredicted = ofPredicted;

    /// <inheritdoc/>
    public sealed override bool? GreaterIsBetter => true;

    /// <summary>Above it a prediction is positive; the first of <see cref="Thresholds"/>.</summary>
    public double Threshold
    {
        get => Thresholds[0];
        init => Thresholds = [value];
    }

    /// <summary>0.5 unless set; with <see cref="TopK"/> alone everything among the k largest is positive.</summary>
    public IReadOnlyList<double> Thresholds
    {
        get => _thresholds ?? [TopK is null ? 0.5 : double.NegativeInfinity];
        init => _thresholds = Ranges.Thresholds(value, GetType().Name);
    }

    /// <summary>When set, only the k largest predictions of a row (last axis) can be positive.</summary>
    public int? TopK { get; init => field = Ranges.AtLeast(value, 1, GetType().Name, nameof(TopK)); }

    /// <summary>When set, only this index of the last axis counts.</summary>
    public int? ClassId { get; init => field = Ranges.AtLeast(value, 0, GetType().Name, nameof(ClassId)); }

    /// <summary>What was set; null for the standard.</summary>
    internal IReadOnlyList<double>? GivenThresholds
    {
        get => _thresholds;
        init
        {
            if (value is not null)
                Thresholds = value;
        }
    }

    /// <inheritdoc/>
    public sealed override MetricState CreateState() => new HitShareState(this, [.. Thresholds], TopK, ClassId, _ofPredicted);
}

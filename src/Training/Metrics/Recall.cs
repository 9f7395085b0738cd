namespace FlatFuse.Training;

/// <summary>
/// Of the positive elements the share that are found (<c>p &gt; threshold</c>): <c>TP / (TP + FN)</c> over all updates, 0 when there are none. With several
/// <see cref="Thresholds"/> there is one value each, and the result is their mean. Source: Keras 3, <c>keras.metrics.Recall</c>.
/// </summary>
public sealed class Recall() : Metric("recall")
{
    private double[]? _thresholds;

    /// <inheritdoc/>
    public override bool? GreaterIsBetter => true;

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
        init => _thresholds = Ranges.Thresholds(value, "Recall");
    }

    /// <summary>When set, only the k largest predictions of a row (last axis) can be positive.</summary>
    public int? TopK { get; init => field = Ranges.AtLeast(value, 1, "Recall", nameof(TopK)); }

    /// <summary>When set, only this index of the last axis counts.</summary>
    public int? ClassId { get; init => field = Ranges.AtLeast(value, 0, "Recall", nameof(ClassId)); }

    internal IReadOnlyList<double>? GivenThresholds => _thresholds;

    /// <inheritdoc/>
    public override MetricState CreateState() => new HitShareState(this, [.. Thresholds], TopK, ClassId, ofPredicted: false);
}

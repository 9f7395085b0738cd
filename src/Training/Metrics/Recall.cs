namespace FlatFuse.Training;

/// <summary>Of the positive elements the share that are found (<c>p &gt; threshold</c>): <c>TP / (TP + FN)</c> over all updates, 0 when there are none.</summary>
public sealed class Recall() : Metric("recall")
{
    /// <inheritdoc/>
    public override bool? GreaterIsBetter => true;

    /// <summary>Above it a prediction is positive.</summary>
    public double Threshold { get; init => field = Ranges.Fraction(value, "Recall", nameof(Threshold)); } = 0.5;

    /// <inheritdoc/>
    public override MetricState CreateState() => new HitShareState(this, Threshold, ofPredicted: false);
}

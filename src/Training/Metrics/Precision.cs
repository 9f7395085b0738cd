namespace FlatFuse.Training;

/// <summary>Of the elements predicted positive (<c>p &gt; threshold</c>) the share that are: <c>TP / (TP + FP)</c> over all updates, 0 when there are none.</summary>
public sealed class Precision() : Metric("precision")
{
    /// <inheritdoc/>
    public override bool? GreaterIsBetter => true;

    /// <summary>Above it a prediction is positive.</summary>
    public double Threshold { get; init => field = Ranges.Fraction(value, "Precision", nameof(Threshold)); } = 0.5;

    /// <inheritdoc/>
    public override MetricState CreateState() => new HitShareState(this, Threshold, ofPredicted: true);
}

using FlatFuse.Tensors;

namespace FlatFuse.Training;

/// <summary>
/// The area under the ROC, the precision-recall or the gain curve, between the thresholds −ε, 1/(n−1), …, (n−2)/(n−1), 1 + ε, as Keras does. Predictions
/// are probabilities unless <see cref="FromLogits"/>. 0 while a class that it needs has not been seen. Source: Keras 3, <c>keras.metrics.AUC</c>.
/// </summary>
public sealed class AUC : Metric
{
    private readonly int _count;
    private readonly double[]? _given;
    private readonly double[]? _labelWeights;

    /// <summary>Creates the metric.</summary>
    /// <param name="thresholds">n, 2 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2.</exception>
    public AUC(int thresholds = 200)
        : base("auc")
        => _count = thresholds >= 2 ? thresholds : throw new ArgumentOutOfRangeException(nameof(thresholds), $"AUC: {thresholds} thresholds; expected 2 or more.");

    /// <inheritdoc/>
    public override bool? GreaterIsBetter => true;

    /// <summary>n: points of the curve.</summary>
    public int Thresholds => _given is null ? _count : _given.Length + 2;

    /// <summary>Thresholds of one's own between −ε and 1 + ε, which are added, from 0 to 1; evenly spaced ones when null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is below 0 or above 1.</exception>
    public IReadOnlyList<double>? InnerThresholds
    {
        get => _given;
        init => _given = value is null ? null : [.. value.Select(threshold => Ranges.Fraction(threshold, "AUC", nameof(InnerThresholds))).Order()];
    }

    /// <summary>The curve: <see cref="AUCCurve.ROC"/> unless set.</summary>
    public AUCCurve Curve { get; init; }

    /// <summary>How the area is added up: <see cref="AUCSummation.Interpolation"/> unless set.</summary>
    public AUCSummation Summation { get; init; }

    /// <summary>True when predictions are logits, of which the sigmoid is taken.</summary>
    public bool FromLogits { get; init; }

    /// <summary>True for an area of each column of (batch, labels), averaged; false for one area of all numbers together.</summary>
    public bool MultiLabel { get; init; }

    /// <summary>How many labels there are, with <see cref="MultiLabel"/>; as many as columns when null.</summary>
    public int? NumLabels { get; init => field = Ranges.AtLeast(value, 1, "AUC", nameof(NumLabels)); }

    /// <summary>
    /// How much each column weighs, 0 or more: its area in the average with <see cref="MultiLabel"/>, otherwise its numbers in the one area. 1 each when null.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">One is negative or not finite.</exception>
    public IReadOnlyList<double>? LabelWeights
    {
        get => _labelWeights;
        init => _labelWeights = value is null ? null : [.. value.Select(weight => Ranges.NotNegative(weight, "AUC", nameof(LabelWeights)))];
    }

    /// <inheritdoc/>
    public override MetricState CreateState()
        => NumLabels is null || MultiLabel
            ? new AUCState(this)
            : throw new ArgumentException("AUC: NumLabels is set without MultiLabel; expected both, or neither.");

    /// <inheritdoc/>
    public override void CheckShapes(ReadOnlySpan<int> targetShape, ReadOnlySpan<int> predictionShape)
    {
        base.CheckShapes(targetShape, predictionShape);
        int columns = LossShape.Columns(predictionShape);
        if (MultiLabel && predictionShape.Length != 2)
            throw new ArgumentException($"Metric {Name}: the prediction has shape {Shapes.Format(predictionShape)}; expected (batch, labels) with MultiLabel.", "yPred");
        if ((MultiLabel && NumLabels is { } labels && labels != columns) || (LabelWeights is { } weights && weights.Count != columns))
            throw new ArgumentException($"Metric {Name}: the prediction has shape {Shapes.Format(predictionShape)}; expected {NumLabels ?? LabelWeights!.Count} columns, one a label.", "yPred");
    }
}

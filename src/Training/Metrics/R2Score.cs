using FlatFuse.Tensors;

namespace FlatFuse.Training;

/// <summary>
/// The coefficient of determination of each column of (batch, columns), <c>1 − Σ w(t − p)² / Σ w(t − t̄)²</c> over all updates: 1 is perfect, 0 no better than the
/// mean. A column whose targets are all equal scores 0, NaN when it is met exactly. With <see cref="NumRegressors"/> r the adjusted score
/// <c>1 − (1 − R²)(n − 1)/(n − r − 1)</c>, where n counts the targets of all columns, as Keras does, and must be above r + 1. Source: Keras 3, <c>keras.metrics.R2Score</c>.
/// </summary>
public sealed class R2Score() : Metric("r2_score")
{
    /// <inheritdoc/>
    public override bool? GreaterIsBetter => true;

    /// <summary>What is made of several columns: <see cref="R2Aggregation.UniformAverage"/> unless set.</summary>
    public R2Aggregation ClassAggregation { get; init; }

    /// <summary>How many regressors the adjusted score is for; 0 for the plain one.</summary>
    public int NumRegressors { get; init => field = Ranges.AtLeast(value, 0, "R2Score", nameof(NumRegressors))!.Value; }

    /// <inheritdoc/>
    public override MetricState CreateState() => new R2ScoreState(this);

    /// <inheritdoc/>
    public override void CheckShapes(ReadOnlySpan<int> targetShape, ReadOnlySpan<int> predictionShape)
    {
        base.CheckShapes(targetShape, predictionShape);
        if (predictionShape.Length != 2)
            throw new ArgumentException($"Metric {Name}: the prediction has shape {Shapes.Format(predictionShape)}; expected (batch, columns). Reshape the output.", "yPred");
    }
}

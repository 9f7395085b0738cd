namespace FlatFuse.Training;

/// <summary><c>√ mean (p − t)²</c> over all updates: the root of the mean, not the mean of batch roots.</summary>
public sealed class RootMeanSquaredError() : LossMetric("root_mean_squared_error", Loss.MeanSquaredError)
{
    /// <inheritdoc/>
    protected internal override bool CountsElements => true;

    /// <inheritdoc/>
    protected internal override double Finish(double mean) => Math.Sqrt(mean);
}

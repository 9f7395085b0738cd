namespace FlatFuse.Training;

/// <summary><c>mean 100 |t − p| / max(|t|, ε)</c>.</summary>
public sealed class MeanAbsolutePercentageErrorMetric() : LossMetric("mean_absolute_percentage_error", Loss.MeanAbsolutePercentageError);

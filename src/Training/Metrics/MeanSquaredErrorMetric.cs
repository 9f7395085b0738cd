namespace FlatFuse.Training;

/// <summary><c>mean (p − t)²</c>; history key <c>mse</c>.</summary>
public sealed class MeanSquaredErrorMetric() : LossMetric("mse", Loss.MeanSquaredError);

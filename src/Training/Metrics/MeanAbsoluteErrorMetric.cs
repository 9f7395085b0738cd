namespace FlatFuse.Training;

/// <summary><c>mean |p − t|</c>; history key <c>mae</c>.</summary>
public sealed class MeanAbsoluteErrorMetric() : LossMetric("mae", Loss.MeanAbsoluteError);

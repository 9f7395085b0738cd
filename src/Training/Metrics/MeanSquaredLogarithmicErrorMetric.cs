namespace FlatFuse.Training;

/// <summary><c>mean (log(max(p, ε) + 1) − log(max(t, ε) + 1))²</c>.</summary>
public sealed class MeanSquaredLogarithmicErrorMetric() : LossMetric("mean_squared_logarithmic_error", Loss.MeanSquaredLogarithmicError);

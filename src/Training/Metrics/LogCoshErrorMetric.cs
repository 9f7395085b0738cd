namespace FlatFuse.Training;

/// <summary><c>mean log cosh(p − t)</c>.</summary>
public sealed class LogCoshErrorMetric() : LossMetric("logcosh", Loss.LogCosh);

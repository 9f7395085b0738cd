namespace FlatFuse.Training;

/// <summary><c>mean (p − t log(p + ε))</c>.</summary>
public sealed class PoissonMetric() : LossMetric("poisson", Loss.Poisson);

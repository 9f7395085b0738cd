namespace FlatFuse.Training;

/// <summary><c>Σ t log(t / p)</c>, averaged over entries.</summary>
public sealed class KLDivergenceMetric() : LossMetric("kl_divergence", Loss.KLDivergence);

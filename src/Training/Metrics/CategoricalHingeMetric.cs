namespace FlatFuse.Training;

/// <summary><c>max(max((1 − t) p) − Σ t p + 1, 0)</c>, averaged over entries.</summary>
public sealed class CategoricalHingeMetric() : LossMetric("categorical_hinge", Loss.CategoricalHinge);

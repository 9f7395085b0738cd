namespace FlatFuse.Training;

/// <summary><c>mean max(1 − t p, 0)</c>.</summary>
public sealed class HingeMetric() : LossMetric("hinge", Loss.Hinge);

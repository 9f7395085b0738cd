namespace FlatFuse.Training;

/// <summary><c>mean max(1 − t p, 0)²</c>.</summary>
public sealed class SquaredHingeMetric() : LossMetric("squared_hinge", Loss.SquaredHinge);

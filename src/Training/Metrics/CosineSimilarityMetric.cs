namespace FlatFuse.Training;

/// <summary><c>Σ t̂ p̂</c> over the last axis, averaged over entries: 1 for vectors of one direction, the opposite sign of the loss.</summary>
public sealed class CosineSimilarityMetric() : LossMetric("cosine_similarity", Loss.CosineSimilarity)
{
    /// <inheritdoc/>
    public override bool? GreaterIsBetter => true;

    /// <inheritdoc/>
    protected internal override double Finish(double mean) => 0 - mean;
}

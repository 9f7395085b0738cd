namespace FlatFuse.Training;

/// <summary>The value of a loss as a metric: its mean over all entries of all updates.</summary>
/// <param name="name">The key in a history.</param>
/// <param name="loss">What each entry is worth; its reduction plays no part.</param>
public abstract class LossMetric(string name, Loss loss) : MeanMetric(name)
{
    /// <inheritdoc/>
    public override bool? GreaterIsBetter => false;

    /// <inheritdoc/>
    public override bool TakesClassNumbers => loss.TakesClassNumbers;

    internal Loss Loss => loss;

    /// <inheritdoc/>
    protected internal override int? IgnoredClass => loss.IgnoredClass;

    /// <inheritdoc/>
    protected internal override int SavedLength(int rows, int columns) => loss.SavedLength(rows, columns);

    /// <inheritdoc/>
    protected internal override void Values(in LossBatch batch, Span<float> values) => loss.Values(batch, values);
}

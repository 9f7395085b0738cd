namespace FlatFuse.Kernels;

public abstract partial class KernelSet
{
    internal abstract unsafe bool AreValidIds(float* ids, int count, int vocabulary);

    internal abstract unsafe void EmbeddingGather(Workers workers, float* ids, int count, float* table, int dim, float* y);

    internal abstract unsafe void EmbeddingScatterAdd(
        Workers workers, float* ids, int count, float* dy, int dim, float* table, nint tableLength, bool accumulate);
}

internal sealed unsafe partial class KernelSet<TSimd, TVector>
{
    /// <inheritdoc/>
    internal override bool AreValidIds(float* ids, int count, int vocabulary)
        => EmbeddingIds<TSimd, TVector>.AllValid(ids, count, vocabulary);

    /// <inheritdoc/>
    internal override void EmbeddingGather(Workers workers, float* ids, int count, float* table, int dim, float* y)
        => EmbeddingGather<TSimd, TVector>.Run(workers, ids, count, table, dim, y);

    /// <inheritdoc/>
    internal override void EmbeddingScatterAdd(
        Workers workers, float* ids, int count, float* dy, int dim, float* table, nint tableLength, bool accumulate)
        => EmbeddingScatter<TSimd, TVector>.Run(workers, ids, count, dy, dim, table, tableLength, accumulate);
}

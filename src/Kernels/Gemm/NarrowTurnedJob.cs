namespace FlatFuse.Kernels;

/// <summary>
/// A product with few columns of an A whose columns are contiguous: Cᵀ, a few long rows, sums up multiples of the columns of A in L1, a block a chunk, and
/// is turned at the end. A is read once, in stretches of a block.
/// </summary>
internal unsafe struct NarrowTurnedJob<TSimd, TVector> : IChunkJob<NarrowTurnedJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public GemmProblem P;

    /// <summary>Rows of C in a block.</summary>
    public int Block;

    public static void Execute(ref NarrowTurnedJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        GemmProblem p = job.P;
        int row = chunk * job.Block;
        int length = Math.Min(job.Block, p.M - row);
        float* c = p.C + (row * p.RowStrideC);
        float* sums = scratch.Rent(NarrowPacking<TSimd, TVector>.Rows(p.N) * job.Block);
        if (p.Accumulate)
            NarrowPacking<TSimd, TVector>.ToRows(c, p.RowStrideC, length, p.N, sums, job.Block);
        if (p.ScalesC)
            UnaryLoop<TSimd, TVector, ScaleOperator<TSimd, TVector>>.Run(sums, sums, (nint)p.N * job.Block, p.Beta);
        int columns = NarrowTiles<TSimd, TVector>.Columns(p.N);
        for (int k = 0; k < p.K; k += NarrowTiles<TSimd, TVector>.Rows)
        {
            int terms = Math.Min(NarrowTiles<TSimd, TVector>.Rows, p.K - k);
            for (int n = 0; n < p.N; n += columns)
            {
                NarrowTiles<TSimd, TVector>.Update(Math.Min(columns, p.N - n), terms)(
                    p.A + row + (k * p.ColumnStrideA), p.ColumnStrideA, p.B + (k * p.RowStrideB) + n, 1, p.RowStrideB, p.FactorOfProduct,
                    sums + (n * job.Block), job.Block, length, p.Accumulate || k > 0);
            }
        }
        NarrowPacking<TSimd, TVector>.FromRows(sums, job.Block, length, p.N, c, p.RowStrideC);
    }
}

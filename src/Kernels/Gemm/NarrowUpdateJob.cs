namespace FlatFuse.Kernels;

/// <summary>
/// A product with few terms (K of at most 8): rows of C are sums of multiples of the few columns of Bᵀ. A chunk is a
/// block of them, turned into rows in L1.
/// </summary>
internal unsafe struct NarrowUpdateJob<TSimd, TVector> : IChunkJob<NarrowUpdateJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public GemmProblem P;

    /// <summary>Columns of a block.</summary>
    public int Block;

    public int ChunkRows;

    public static void Execute(ref NarrowUpdateJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        GemmProblem p = job.P;
        int blocks = (p.N + job.Block - 1) / job.Block;
        int row = chunk / blocks * job.ChunkRows;
        int end = Math.Min(p.M, row + job.ChunkRows);
        int column = chunk % blocks * job.Block;
        int length = Math.Min(job.Block, p.N - column);
        float* b = scratch.Rent(NarrowPacking<TSimd, TVector>.Rows(p.K) * job.Block);
        NarrowPacking<TSimd, TVector>.ToRows(p.B + (column * p.ColumnStrideB), p.ColumnStrideB, length, p.K, b, job.Block);
        int terms = NarrowTiles<TSimd, TVector>.Columns(p.K);
        for (int m = row; m < end; m += NarrowTiles<TSimd, TVector>.Rows)
        {
            int rows = Math.Min(NarrowTiles<TSimd, TVector>.Rows, end - m);
            if (p.ScalesC)
            {
                for (int r = m; r < m + rows; r++)
                    UnaryLoop<TSimd, TVector, ScaleOperator<TSimd, TVector>>.Run(p.C + (r * p.RowStrideC) + column, p.C + (r * p.RowStrideC) + column, length, p.Beta);
            }
            for (int k = 0; k < p.K; k += terms)
            {
                NarrowTiles<TSimd, TVector>.Update(rows, Math.Min(terms, p.K - k))(
                    b + (k * job.Block), job.Block, p.A + (m * p.RowStrideA) + (k * p.ColumnStrideA), p.RowStrideA, p.ColumnStrideA, p.FactorOfProduct,
                    p.C + (m * p.RowStrideC) + column, p.RowStrideC, length, p.Accumulate || k > 0);
            }
        }
    }
}

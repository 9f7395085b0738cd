namespace FlatFuse.Kernels;

/// <summary>A product with few columns, a few rows of A a chunk, whose sums lie in L1 while block by block of K passes.</summary>
internal unsafe struct NarrowDotsJob<TSimd, TVector> : IChunkJob<NarrowDotsJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public GemmProblem P;

    /// <summary>[block of K, column, Block].</summary>
    public float* BT;

    /// <summary>Terms of a block.</summary>
    public int Block;

    /// <summary>Floats from one block of BT to the next.</summary>
    public int BlockLength;

    public int ChunkRows;

    public static void Execute(ref NarrowDotsJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int row = chunk * job.ChunkRows;
        int rows = Math.Min(job.ChunkRows, job.P.M - row);
        Rows(job.P, job.BT, job.Block, job.BlockLength, row, rows, scratch.Rent(rows * job.P.N * TSimd.Count));
    }

    /// <summary><paramref name="rows"/> rows of C from <paramref name="row"/> on.</summary>
    /// <param name="p">The product.</param>
    /// <param name="bt">As <see cref="BT"/>.</param>
    /// <param name="block">As <see cref="Block"/>.</param>
    /// <param name="blockLength">As <see cref="BlockLength"/>.</param>
    /// <param name="row">First row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="sums">A vector for each element of these rows.</param>
    public static void Rows(in GemmProblem p, float* bt, int block, int blockLength, int row, int rows, float* sums)
    {
        int sumsStride = p.N * TSimd.Count;
        float* b = bt;
        for (int k = 0; k < p.K; k += block, b += blockLength)
        {
            int length = Math.Min(block, p.K - k);
            for (int r = 0; r < rows; r += NarrowTiles<TSimd, TVector>.Rows)
            {
                int height = Math.Min(NarrowTiles<TSimd, TVector>.Rows, rows - r);
                int width = NarrowTiles<TSimd, TVector>.Columns(p.N);
                for (int n = 0; n < p.N; n += width)
                {
                    NarrowTiles<TSimd, TVector>.Dots(height, Math.Min(width, p.N - n))(
                        p.A + ((row + r) * p.RowStrideA) + k, p.RowStrideA, b + (n * block), block, length,
                        sums + (r * sumsStride) + (n * TSimd.Count), sumsStride, k == 0);
                }
            }
        }
        Finish(p, row, rows, sums);
    }

    private static void Finish(in GemmProblem p, int row, int rows, float* sums)
    {
        float* c = p.C + (row * p.RowStrideC);
        for (int r = 0; r < rows; r++)
        {
            for (int n = 0; n < p.N; n++, sums += TSimd.Count)
                c[n] = p.Finished(TSimd.Sum(TSimd.Load(sums)), c + n, p.Bias == null ? null : p.Bias + n);
            c += p.RowStrideC;
        }
        if (p.NeedsActivationPass)
            GemmActivation<TSimd, TVector>.Rows(p.Activation, p.C + (row * p.RowStrideC), p.RowStrideC, rows, p.N);
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>A product with few columns, some rows of A a chunk, whose sums lie in L1 while block by block of K passes.</summary>
internal unsafe struct NarrowDotsJob<TSimd, TVector> : IChunkJob<NarrowDotsJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Rows whose sums lie there at a time: whole eights, however few columns there are.</summary>
    public const int RowsAtOnce = 16;

    public GemmProblem P;

    /// <summary>The columns of B, each contiguous within a block of K; null where each thread turns a B of its own: fetching what another core has just written takes longer.</summary>
    public float* B;

    /// <summary>Of the B that a thread keeps for its next chunk.</summary>
    public long Key;

    /// <summary>Floats from one column to the next.</summary>
    public nint ColumnStride;

    /// <summary>Terms of a block.</summary>
    public int Block;

    /// <summary>Floats from one block to the next.</summary>
    public nint BlockStep;

    /// <summary>A multiple of <see cref="RowsAtOnce"/>.</summary>
    public int ChunkRows;

    /// <summary>Floats that <see cref="Rows"/> needs for so many columns: a vector for each element, and eight floats.</summary>
    public static int SumsLength(int columns) => (RowsAtOnce * columns * TSimd.Count) + 8;

    /// <summary>Floats of a turned B.</summary>
    public readonly int TurnedLength => checked((int)((((long)P.K + Block - 1) / Block) * BlockStep));

    /// <summary>B as rows, block after block: [block of K, column, <see cref="ColumnStride"/>].</summary>
    public static void Turn(in NarrowDotsJob<TSimd, TVector> job, float* to)
    {
        for (int k = 0; k < job.P.K; k += job.Block, to += job.BlockStep)
        {
            NarrowPacking<TSimd, TVector>.ToRows(
                job.P.B + (k * job.P.RowStrideB), job.P.RowStrideB, Math.Min(job.Block, job.P.K - k), job.P.N, to, job.ColumnStride);
        }
    }

    public static void Execute(ref NarrowDotsJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int row = chunk * job.ChunkRows;
        int end = Math.Min(job.P.M, row + job.ChunkRows);
        int own = AlignedBuffer.RoundUp(SumsLength(job.P.N));
        float* b = job.B;
        float* sums;
        if (b != null)
        {
            sums = scratch.Rent(own);
        }
        else
        {
            sums = scratch.Kept(job.Key);
            bool kept = sums != null;
            if (!kept)
                sums = scratch.Rent(checked(own + job.TurnedLength));
            b = sums + own;
            if (!kept)
                Turn(job, b);
            scratch.Keep(job.Key);
        }
        for (; row < end; row += RowsAtOnce)
            Rows(job.P, b, job.ColumnStride, job.Block, job.BlockStep, row, Math.Min(RowsAtOnce, end - row), sums);
    }

    /// <summary><paramref name="rows"/> rows of C from <paramref name="row"/> on.</summary>
    /// <param name="p">The product.</param>
    /// <param name="b">As <see cref="B"/>.</param>
    /// <param name="columnStride">As <see cref="ColumnStride"/>.</param>
    /// <param name="block">As <see cref="Block"/>.</param>
    /// <param name="blockStep">As <see cref="BlockStep"/>.</param>
    /// <param name="row">First row.</param>
    /// <param name="rows">How many, at most <see cref="RowsAtOnce"/>.</param>
    /// <param name="sums"><see cref="SumsLength"/> floats.</param>
    public static void Rows(in GemmProblem p, float* b, nint columnStride, int block, nint blockStep, int row, int rows, float* sums)
    {
        int sumsStride = p.N * TSimd.Count;
        int width = NarrowTiles<TSimd, TVector>.Columns(p.N);
        for (int k = 0; k < p.K; k += block, b += blockStep)
        {
            int length = Math.Min(block, p.K - k);
            int groups = rows / NarrowTiles<TSimd, TVector>.Rows;
            int rest = rows - (groups * NarrowTiles<TSimd, TVector>.Rows);
            for (int n = 0; n < p.N; n += width)
            {
                int columns = Math.Min(width, p.N - n);
                float* a = p.A + (row * p.RowStrideA) + k;
                float* s = sums + (n * TSimd.Count);
                if (groups > 0)
                    NarrowTiles<TSimd, TVector>.Dots(NarrowTiles<TSimd, TVector>.Rows, columns)(a, p.RowStrideA, b + (n * columnStride), columnStride, length, s, sumsStride, k == 0, groups);
                if (rest > 0)
                {
                    int done = rows - rest;
                    NarrowTiles<TSimd, TVector>.Dots(rest, columns)(
                        a + (done * p.RowStrideA), p.RowStrideA, b + (n * columnStride), columnStride, length, s + (done * sumsStride), sumsStride, k == 0, 1);
                }
            }
        }
        Finish(p, row, rows, sums);
    }

    // Every sum is one of eight, so that its lanes are added in one order wherever it stands.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Finish(in GemmProblem p, int row, int rows, float* sums)
    {
        int count = rows * p.N;
        float* c = p.C + (row * p.RowStrideC);
        bool flat = p.EndsPlain && p.RowStrideC == p.N;
        float* eight = sums + (RowsAtOnce * p.N * TSimd.Count);
        // A last eight that is not full is filled up.
        for (int i = count; (i & 7) != 0; i++)
            *(TVector*)(sums + (i * TSimd.Count)) = default;
        int n = 0;
        for (int i = 0; i < count; i += 8)
        {
            float* to = flat && i + 8 <= count ? c + i : eight;
            TSimd.SumEight(
                *(TVector*)sums, ((TVector*)sums)[1], ((TVector*)sums)[2], ((TVector*)sums)[3],
                ((TVector*)sums)[4], ((TVector*)sums)[5], ((TVector*)sums)[6], ((TVector*)sums)[7], to);
            sums += 8 * TSimd.Count;
            if (to != eight)
                continue;
            int most = Math.Min(8, count - i);
            if (flat)
            {
                for (int j = 0; j < most; j++)
                    c[i + j] = eight[j];
                continue;
            }
            for (int j = 0; j < most; j++)
            {
                c[n] = p.Finished(eight[j], c + n, p.Bias == null ? null : p.Bias + n);
                if (++n == p.N)
                {
                    n = 0;
                    c += p.RowStrideC;
                }
            }
        }
        if (p.NeedsActivationPass)
            GemmActivation<TSimd, TVector>.Rows(p.Activation, p.C + (row * p.RowStrideC), p.RowStrideC, rows, p.N);
    }
}

namespace FlatFuse.Kernels;

/// <summary>
/// Products with few columns (a layer of few units on long inputs) and their gradients, where the operand or result that is not narrow is all that
/// matters: it is read or written once, in order.
/// </summary>
internal static unsafe class NarrowFrame<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // The narrow operand as rows, block by block: 16 rows of 256 floats to 4 of 1024, 16 KB, lie in L1 beside 4 rows of the long one.
    private const int BlockFloats = 4096;

    // Of 16 sums: storing them and adding their lanes across, eight at a time.
    private const int SumCycles = 30;

    // Of 16 rows of a tile: the masked stores of its rows.
    private const int TileCycles = 30;

    // Fewer rows are too few sums at a time to keep the multiply-adds busy.
    private const int LeastTileRows = 8;

    /// <summary>Runs a product here if it is one of these.</summary>
    /// <returns>False when it is not: nothing has been done.</returns>
    public static bool TryMultiply(Workers w, in GemmProblem p)
    {
        if (TSimd.Count == 1 || p.M == 1)
            return false;
        if (p.N > 1 && p.N <= NarrowPacking<TSimd, TVector>.MostColumns && p.ColumnStrideA == 1 && (p.ColumnStrideB == 1 || p.RowStrideB == 1) && DotsPay(p))
            Dots(w, p);
        else if (p.ColumnStrideA != 1 && NarrowMirrored<TSimd, TVector>.Fits(p))
            NarrowMirrored<TSimd, TVector>.Multiply(w, p);
        else if (p.N > 1 && NarrowRowsJob<TSimd, TVector>.Fits(p))
            NarrowRowsJob<TSimd, TVector>.Multiply(w, p);
        else
            return false;
        return true;
    }

    /// <summary>
    /// True where dot products, whose lanes are added across at the end, take fewer cycles than tiles with empty lanes: for 16 rows half a cycle each multiply-add of vectors either way.
    /// Both must turn a B that does not lie as they need it, once for all rows.
    /// </summary>
    private static bool DotsPay(in GemmProblem p)
    {
        long dots = p.N * ((8 * (((long)p.K + TSimd.Count - 1) / TSimd.Count)) + SumCycles);
        long tiles = (8L * p.K * ((p.N + TSimd.Count - 1) / TSimd.Count)) + TileCycles;
        long turned = p.ColumnStrideB != 1 ? -3 : p.N == 2 ? 1 : p.N <= 4 ? 2 : p.N <= 8 ? 3 : 5;
        return (dots * p.M) + (turned * 16 * p.K) < tiles * Math.Max(p.M, LeastTileRows);
    }

    private static int BlockOf(int columns) => BlockFloats / NarrowPacking<TSimd, TVector>.Rows(columns) / TSimd.Count * TSimd.Count;

    private static void Dots(Workers w, in GemmProblem p)
    {
        int block = Math.Min(BlockOf(p.N), AlignedBuffer.RoundUp(p.K));
        bool alone = (long)p.M * p.N * p.K < GemmPlan.SharedWork;
        var job = new NarrowDotsJob<TSimd, TVector> { P = p, Block = block, B = p.B, ColumnStride = p.ColumnStrideB, BlockStep = block };
        if (p.RowStrideB != 1)
        {
            job.ColumnStride = block;
            job.BlockStep = NarrowPacking<TSimd, TVector>.Rows(p.N) * block;
            job.B = null;
            if (alone)
            {
                job.B = w.Shared.Rent(job.TurnedLength);
                NarrowDotsJob<TSimd, TVector>.Turn(job, job.B);
            }
        }
        const int Unit = NarrowDotsJob<TSimd, TVector>.RowsAtOnce;
        job.ChunkRows = alone ? p.M : (int)Math.Max(Unit, Math.Min(GemmPlan.ChunkWork / ((long)p.N * p.K), p.M) / Unit * Unit);
        if (alone)
        {
            NarrowDotsJob<TSimd, TVector>.Execute(ref job, 0, w.ScratchOf(0));
            return;
        }
        job.Key = w.NextKey();
        w.Run(ref job, (int)(((long)p.M + job.ChunkRows - 1) / job.ChunkRows));
    }
}

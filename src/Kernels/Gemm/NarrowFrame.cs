namespace FlatFuse.Kernels;

/// <summary>
/// Products with few columns (a layer of few units on long inputs) and their gradients, where the operand or result that is not narrow is all that
/// matters: it is read or written once, in order.
/// </summary>
internal static unsafe class NarrowFrame<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int MostColumns = 8;

    // The narrow operand as rows, block by block: 8 rows of 512 floats or 4 of 1024, 16 KB, lie in L1 beside 4 rows of the long one.
    private const int BlockFloats = 4096;

    // Below, adding the sums across (about 10 instructions each) costs more than a tile's empty lanes do.
    private const int LeastLength = 256;

    // Below, the tiles find everything in L1 and L2.
    private const int LeastTurned = 1024;

    // What turning the few rows of B costs is shared by all rows of C: with more, the tiles' panels are as good.
    private const int MostUpdatedRows = 64;

    private const int ChunkRows = 16;

    /// <summary>Runs a product here if it is one of these.</summary>
    /// <returns>False when it is not: nothing has been done.</returns>
    public static bool TryMultiply(Workers w, in GemmProblem p)
    {
        if (TSimd.Count == 1 || p.M == 1)
            return false;
        bool bare = p.Bias == null && p.Activation == ActivationKind.Linear;
        if (IsNarrow(p.N) && p.K >= LeastLength && p.ColumnStrideA == 1 && p.ColumnStrideB == 1)
            Dots(w, p);
        else if (bare && IsNarrow(p.K) && p.N >= LeastTurned && p.M <= MostUpdatedRows && p.RowStrideB == 1)
            Update(w, p);
        else if (p.ColumnStrideA != 1 && NarrowMirrored<TSimd, TVector>.Fits(p))
            NarrowMirrored<TSimd, TVector>.Multiply(w, p);
        else
            return false;
        return true;
    }

    // One column is a matrix times a vector, which has its own paths.
    private static bool IsNarrow(int columns) => columns is > 1 and <= MostColumns && columns < TSimd.Count;

    private static int BlockOf(int columns) => BlockFloats / NarrowPacking<TSimd, TVector>.Rows(columns);

    private static void Dots(Workers w, in GemmProblem p)
    {
        int block = BlockOf(p.N);
        int blocks = (p.K + block - 1) / block;
        int blockLength = NarrowPacking<TSimd, TVector>.Rows(p.N) * block;
        var pack = new NarrowPackJob<TSimd, TVector> { B = p.B, Stride = p.RowStrideB, Count = p.K, Columns = p.N, Block = block };
        pack.Rows = w.Shared.Rent(checked(blocks * blockLength));
        w.Run(ref pack, blocks);
        var job = new NarrowDotsJob<TSimd, TVector> { P = p, Block = block, BT = pack.Rows, BlockLength = blockLength };
        job.ChunkRows = ChunkRows;
        w.Run(ref job, (int)(((long)p.M + ChunkRows - 1) / ChunkRows));
    }

    private static void Update(Workers w, in GemmProblem p)
    {
        int block = BlockOf(p.K);
        var job = new NarrowUpdateJob<TSimd, TVector> { P = p, Block = block, ChunkRows = ChunkRows };
        int blocks = (int)(((long)p.N + block - 1) / block);
        w.Run(ref job, checked((p.M + ChunkRows - 1) / ChunkRows * blocks));
    }
}

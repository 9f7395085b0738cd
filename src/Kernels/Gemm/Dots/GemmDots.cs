using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// Few rows times a transposed B with long sums, the gradient of a layer's inputs of a small batch: rows of A times rows of Bᵀ, both as they lie (<see cref="GemmDotTile{TSimd, TVector, TRows}"/>).
/// Nothing is copied, and no lane is empty whatever the number of rows or columns.
/// </summary>
internal static unsafe class GemmDots<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Of a tile.</summary>
    public const int Columns = 4;

    // 32 KB of rows of A and 16 KB of rows of Bᵀ: together they fill L1.
    private const int SmallA = 8192;

    private const int SmallB = 4096;

    // Of rows of Bᵀ, 256 KB, that L2 keeps for all rows of A. From L3 for each tile anew they come half as quickly ((64, 1024) · (1000, 1024)ᵀ: 76 against 130 GFLOP/s).
    private const int NearB = 1 << 16;

    // Halves of a multiply-add of vectors that a sum takes besides its terms: adding its lanes, storing it, its share of a call; and more where rows are no whole number of vectors. As measured:
    // 0.49 of the peak with 64 terms, 0.69 with 128, 0.81 with 256; 0.5 with 100.
    private const int SumCost = 7, RaggedCost = 3;

    // Of a block of lanes by lanes that is turned, likewise, for each of its vectors.
    private const int TurnedCost = 24;

    // Rows of Bᵀ that come from L2 cost a sixteenth more.
    private const int NearShare = 16;

    // Of a multiply-add of a tile whose lanes are columns or rows of C, in eighths.
    private const int TileCost = 9;

    private const int MostChunks = 64;

    // Fewer are updates of rows.
    private const int LeastTerms = 9;

    /// <summary>True where these dot products take less than turning an operand.</summary>
    public static bool Fits(in GemmProblem p)
    {
        if (p.ColumnStrideB == 1 || p.RowStrideB != 1 || TSimd.Count < 8 || p.ColumnStrideA != 1 || p.M < 2 || p.N < Columns || p.K < LeastTerms)
            return false;
        // Columns that whole tiles would compute twice: those of a narrow C are better as the narrow frame cuts them (10 columns: 0.95).
        int twice = -p.N & (Columns - 1);
        if (p.N <= NarrowPacking<TSimd, TVector>.MostColumns && twice * 8 > p.N + twice)
            return false;
        // In place of them: tiles, and blocks that are turned before or after.
        long tiles;
        if (GemmTurned<TSimd, TVector>.Fits(p))
        {
            // Dot products of all rows read a B that L2 keeps as quickly as the count says, and one beyond it more slowly: (20, 512) · (300, 512)ᵀ takes 0.93 of the time by them, (20, 1000) · (384, 1000)ᵀ 1.14.
            int rest = CacheHint.IsFar((long)p.N * p.K) ? RowsBehind(p) : 0;
            tiles = (Vectors(p.M - rest) * CostOfTurned(p)) + CostOfDots(p, rest);
        }
        else
        {
            long terms = Vectors(p.K), columns = Vectors(p.N);
            tiles = (columns * p.M * p.K * TileCost / 4) + (columns * terms * TurnedCost * TSimd.Count);
        }
        long dots = CostOfDots(p, p.M);
        if (p.M * (long)p.K > SmallA)
            dots += dots / NearShare;
        return 10 * dots < 9 * tiles;
    }

    /// <summary>The rows of A beyond whole vectors of them that cost less as dot products than in a vector of a turned product (<see cref="GemmTurned{TSimd, TVector}"/>), which they leave
    /// partly empty; 0 where they do not.</summary>
    public static int RowsBehind(in GemmProblem p)
    {
        int rest = p.M % TSimd.Count;
        // Where the count says three quarters ((24, 100) · (320, 100)ᵀ) they take as long. Other endings take working memory, and the chunks of a turned product keep theirs.
        if (rest < 2 || TSimd.Count < 8 || p.ColumnStrideA != 1 || !p.EndsPlain)
            return 0;
        return 10 * CostOfDots(p, rest) < 7 * CostOfTurned(p) ? rest : 0;
    }

    private static long CostOfDots(in GemmProblem p, int rows)
        => ((p.N + Columns - 1L) & ~(Columns - 1L)) * ((rows + 1L) & ~1L) * ((2 * Vectors(p.K)) + SumCost + (p.K % TSimd.Count == 0 ? 0 : RaggedCost));

    // Of a vector of rows of A.
    private static long CostOfTurned(in GemmProblem p)
        => (p.N * (long)p.K * TileCost / 4) + ((Vectors(p.K) + Vectors(p.N)) * TurnedCost * TSimd.Count);

    private static long Vectors(int floats) => (floats + (long)TSimd.Count - 1) / TSimd.Count;

    [SkipLocalsInit]
    public static void Multiply(Workers w, in GemmProblem p)
    {
        if (w.Threads == 1 || (long)p.M * p.N * p.K < GemmPlan.SharedWork)
        {
            Run(p, 0, p.N, w.ScratchOf(0));
            return;
        }
        var job = new GemmDotsJob<TSimd, TVector> { P = p };
        long columns = Math.Max(GemmPlan.ChunkWork / ((long)p.M * p.K), p.N / MostChunks);
        job.ChunkColumns = (int)Math.Min(p.N, (columns + Columns) / Columns * Columns);
        w.Run(ref job, job.Chunks);
    }

    /// <summary>Columns [<paramref name="column"/>, <paramref name="columnEnd"/>) of C.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in GemmProblem p, int column, int columnEnd, Scratch scratch)
    {
        bool plain = p.EndsPlain;
        int columns = columnEnd - column;
        nint pitch = plain ? p.RowStrideC : AlignedBuffer.RoundUp(columns);
        float* to = plain ? p.C + column : scratch.Rent(checked(p.M * (int)pitch));
        GemmDotCall call = default;
        call.RowStrideA = p.RowStrideA;
        call.RowStrideB = p.ColumnStrideB;
        call.RowStrideC = pitch;
        call.K = p.K;
        // A and a block of rows of Bᵀ lie in L1 together; rows of A that do not pass one tile high along as many rows of Bᵀ as L2 keeps.
        int floats = (long)p.M * p.K <= SmallA ? SmallB : NearB;
        int block = Math.Max(1, floats / p.K / Columns) * Columns;
        for (int n = 0; n < columns; n += block)
        {
            int width = Math.Min(block, columns - n);
            for (int m = 0; m < p.M;)
            {
                int height = Height(p.M, p.M - m);
                int first = Math.Min(m, p.M - height);
                call.A = p.A + (first * p.RowStrideA);
                if (width >= Columns)
                {
                    call.B = p.B + ((column + n) * p.ColumnStrideB);
                    call.C = to + (first * pitch) + n;
                    call.Tiles = width / Columns;
                    Tiles(&call, height);
                }
                if (width % Columns != 0)
                {
                    call.B = p.B + ((columnEnd - Columns) * p.ColumnStrideB);
                    call.C = to + (first * pitch) + (columns - Columns);
                    call.Tiles = 1;
                    Tiles(&call, height);
                }
                m += height;
            }
        }
        if (!plain)
            Finish(p, column, columns, to, pitch);
        if (p.NeedsActivationPass)
            GemmActivation<TSimd, TVector>.Rows(p.Activation, p.C + column, p.RowStrideC, p.M, columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tiles(GemmDotCall* call, int height)
    {
        if (height == 2)
            GemmDotTile<TSimd, TVector, Two>.Run(call);
        else if (height == 4)
            GemmDotTile<TSimd, TVector, Four>.Run(call);
        else
            GemmDotTile<TSimd, TVector, Six>.Run(call);
    }

    // Rows of the next tile: six, but 8 are two of four, and no more than there are.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Height(int all, int left)
    {
        if (TSimd.Registers < 32 || left <= 2 || all < 4)
            return 2;
        return left is 3 or 4 or 7 or 8 || all < 6 ? 4 : 6;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Finish(in GemmProblem p, int column, int columns, float* sums, nint pitch)
    {
        GemmStore ending = p.Ending(first: true, last: true);
        float alpha = p.FactorOfProduct, beta = p.FactorOfC(first: true);
        for (int m = 0; m < p.M; m++)
        {
            float* c = p.C + (m * p.RowStrideC) + column;
            for (int n = 0; n < columns; n += TSimd.Count)
            {
                int count = Math.Min(TSimd.Count, columns - n);
                TVector value = TSimd.LoadPartial(sums + n, count);
                TSimd.StorePartial(c + n, GemmTileStore<TSimd, TVector>.Finish(ending, alpha, beta, value, c + n, p.Bias + column + n, count), count);
            }
            sums += pitch;
        }
    }
}

/// <summary>Chunks of columns of C.</summary>
internal struct GemmDotsJob<TSimd, TVector> : IChunkJob<GemmDotsJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public GemmProblem P;

    /// <summary>Whole tiles.</summary>
    public int ChunkColumns;

    /// <summary>Less than a tile that is left over belongs to the last chunk: its tile reaches back over columns that no other chunk finishes.</summary>
    public readonly int Chunks => (P.N + ChunkColumns - GemmDots<TSimd, TVector>.Columns) / ChunkColumns;

    public static void Execute(ref GemmDotsJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int column = chunk * job.ChunkColumns;
        GemmDots<TSimd, TVector>.Run(job.P, column, chunk == job.Chunks - 1 ? job.P.N : column + job.ChunkColumns, scratch);
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// A product with few columns of an A whose columns are contiguous, the weight gradient of a layer with few units: computed as <c>Cᵀ = Bᵀ · Aᵀ</c>, so that
/// vectors are full however narrow C is. A is read once, where it lies; the few long rows of Cᵀ stay in L1 and are transposed at the end.
/// </summary>
internal static unsafe class NarrowMirrored<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // Of a vector of 16: tiles of C itself fill three quarters of it with 12 columns, and what is left to win the transposition of C takes.
    private const int MostColumns = 12;

    // 32 KB of sums that several blocks of K are added to, and 8 KB that are transposed at once.
    private const int ChunkFloats = 8192;

    private const int OneBlockFloats = 2048;

    // B's rows of a block, 12 KB at most, stay in L1 beside the sums.
    private const int TargetK = 256;

    // Chunks of that many panels at least: fewer would share lines of A.
    private const int LeastPanels = 2;

    // Turning C and what surrounds it take longer than the product in rows does: (16, 8)ᵀ · (8, 5).
    private const int TinyTerms = 384;

    /// <summary>True where vectors of C would be emptier than those of Cᵀ.</summary>
    public static bool Fits(in GemmProblem p)
        => p.N > 1 && p.N <= MostColumns && p.N < TSimd.Count * 3 / 4 + 1 && p.M >= TSimd.Count && p.RowStrideA == 1 && p.K > 1 && (long)p.M * p.K > TinyTerms
            && p.Bias == null && p.Activation == ActivationKind.Linear;

    [SkipLocalsInit]
    public static void Multiply(Workers w, in GemmProblem p)
    {
        var job = new NarrowMirroredJob<TSimd, TVector> { P = p };
        bool many = TSimd.Registers >= 32;
        (job.Wide, int rows, job.TileVectors) = p.N <= (many ? 6 : 2) ? (true, many ? 6 : 2, 4) : p.N <= (many ? 9 : 4) ? (true, many ? 9 : 4, 3) : (false, many ? 14 : 6, 2);
        job.TileRows = rows;
        int width = job.TileVectors * TSimd.Count;
        int blocks = (p.K + (TargetK / 2)) / TargetK;
        job.BlockK = blocks <= 1 ? p.K : (p.K + blocks - 1) / blocks;
        long work = (long)p.M * p.N * p.K;
        job.InPairs = work >= GemmPlan.SharedWork;
        int chunk = (blocks <= 1 ? OneBlockFloats : ChunkFloats) / p.N;
        if (job.InPairs)
            chunk = (int)Math.Clamp(GemmPlan.ChunkWork / ((long)p.N * p.K), LeastPanels * width, chunk);
        job.ChunkRows = Math.Max(1, chunk / width) * width;
        int chunks = (int)(((long)p.M + job.ChunkRows - 1) / job.ChunkRows);
        // A last chunk of less than a panel is its neighbour's.
        if (chunks > 1 && p.M - ((chunks - 1) * job.ChunkRows) < width)
            chunks--;
        job.Chunks = chunks;
        if (job.InPairs)
        {
            w.Run(ref job, chunks);
            return;
        }
        for (int i = 0; i < chunks; i++)
            NarrowMirroredJob<TSimd, TVector>.Execute(ref job, i, w.ScratchOf(0));
    }
}

/// <summary>Chunks of rows of C, columns of Cᵀ.</summary>
internal unsafe struct NarrowMirroredJob<TSimd, TVector> : IChunkJob<NarrowMirroredJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public GemmProblem P;

    /// <summary>The tiles of Cᵀ, and whether they take two terms a round.</summary>
    public bool Wide, InPairs;

    public int TileRows, TileVectors;

    public int BlockK, ChunkRows, Chunks;

    [SkipLocalsInit]
    public static void Execute(ref NarrowMirroredJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int row = chunk * job.ChunkRows;
        Rows(job, row, (chunk == job.Chunks - 1 ? job.P.M : row + job.ChunkRows) - row, scratch);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows(in NarrowMirroredJob<TSimd, TVector> job, int row, int rows, Scratch scratch)
    {
        ref readonly GemmProblem p = ref job.P;
        int width = job.TileVectors * TSimd.Count;
        int pitch = (((rows + TSimd.Count - 1) / TSimd.Count) | 1) * TSimd.Count;
        float* sums = scratch.Rent(NarrowPacking<TSimd, TVector>.Rows(p.N) * pitch);
        float* c = p.C + (row * p.RowStrideC);
        if (p.Accumulate)
        {
            for (int at = 0; at < rows;)
            {
                (int vectors, int first) = Panel(rows, at, job.TileVectors);
                NarrowPacking<TSimd, TVector>.ToRows(c + (first * p.RowStrideC), p.RowStrideC, vectors * TSimd.Count, p.N, sums + at, pitch);
                at += vectors * TSimd.Count;
            }
        }
        var tiles = new GemmRowTiles(p.N, job.TileRows);
        GemmTileCall call = default;
        call.RowStrideA = p.ColumnStrideB;
        call.ColumnStrideA = p.RowStrideB;
        call.RowStrideB = p.ColumnStrideA;
        call.RowStrideC = pitch;
        call.Alpha = p.FactorOfProduct;
        for (int k = 0; k < p.K; k += job.BlockK)
        {
            call.K = Math.Min(job.BlockK, p.K - k);
            call.Store = p.Ending(k == 0, k + job.BlockK >= p.K);
            call.Beta = p.FactorOfC(k == 0);
            for (int at = 0; at < rows;)
            {
                (int vectors, int first) = Panel(rows, at, job.TileVectors);
                call.B = p.A + row + first + (k * p.ColumnStrideA);
                int n = 0;
                for (int tile = 0; tile < tiles.Count; tile++)
                {
                    int height = tiles.Height(tile);
                    call.A = p.B + (n * p.ColumnStrideB) + (k * p.RowStrideB);
                    call.C = sums + (n * pitch) + at;
                    (p.HasFactors ? GemmTiles<TSimd, TVector>.Of(job.Wide, height, vectors, job.InPairs) : GemmTiles<TSimd, TVector>.WithoutEndings(job.Wide, height, vectors, job.InPairs))(&call);
                    n += height;
                }
                at += vectors * TSimd.Count;
            }
        }
        for (int at = 0; at < rows;)
        {
            (int vectors, int first) = Panel(rows, at, job.TileVectors);
            NarrowPacking<TSimd, TVector>.FromRows(sums + at, pitch, vectors * TSimd.Count, p.N, c + (first * p.RowStrideC), p.RowStrideC);
            at += vectors * TSimd.Count;
        }
    }

    /// <summary>
    /// How many vectors the panel has whose sums lie at <paramref name="at"/>, and its first row: the last one reaches back, so that all its lanes are rows. What it shares with its
    /// neighbour is computed twice, to the same bits. Fewer rows than a panel are whole vectors and one that reaches back.
    /// </summary>
    private static (int Vectors, int First) Panel(int rows, int at, int most)
    {
        int rest = rows - at;
        if (rest >= most * TSimd.Count)
            return (most, at);
        int vectors = (rest + TSimd.Count - 1) / TSimd.Count;
        if (rest % TSimd.Count != 0 && rows < vectors * TSimd.Count)
            vectors = Math.Max(1, rest / TSimd.Count);
        return (vectors, Math.Min(at, rows - (vectors * TSimd.Count)));
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// Small products and those of short sums: strips of tiles (<see cref="GemmStripTile{TSimd, TVector, TRows, TColumns}"/>) over A and B where they lie. What there is to decide is how
/// rows and columns are cut, so there is no plan.
/// </summary>
internal static unsafe class GemmStrips<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // Tiles of longer sums are worth two terms a round and panels of B that are laid down.
    private const int ShortK = 48;

    // Rows 4 KB apart compete for the same set of L1.
    private const int FewRows = 9;

    // As in the plan: one height divides the batches that are multiples of it, and fewer tiles are compiled.
    private const int EvenRows = 8;

    // Storing an element of C takes as long as so many terms of its sum: 512 KB take 12 µs.
    private const int StoredTerms = 8;

    // Terms up to which nothing but storing takes time: of rows 4 KB apart, which fall into the same set of L1, fewer at a time then.
    private const int StoringTerms = 4;

    // B stays in L1 whichever way the tiles go.
    private const int NearB = 4096;

    /// <summary>True for a B whose rows fill vectors, and a product that one thread computes or whose sums are short.</summary>
    public static bool Fits(in GemmProblem p)
        => p.N >= TSimd.Count && p.ColumnStrideB == 1 && !p.HasFactors
            && (p.K <= ShortK || IsSmall(p) || CopiesEdge(p))
            && (p.ColumnStrideA != 1 || p.M <= FewRows || p.RowStrideA % GemmBlock<TSimd, TVector>.AliasingStride != 0);

    // True where panels would spill tiles and read a copy of B's edge that another core may have made: of two vectors of which the second is not whole ((96, 160) · (160, 24): 1.1 times as fast, 1.2 on two threads),
    // and of more where no second row of tiles reads the copy again.
    private static bool CopiesEdge(in GemmProblem p)
        => p.N % TSimd.Count != 0
            && (p.N < 2 * TSimd.Count ? p.M < GemmPlan.PackingRows && GemmPlan.HasOneBlock(p.M, p.N, p.K) : p.M <= MostRows(3) && p.Accumulate && !CacheHint.IsFar((long)p.K * p.N));

    /// <summary>Runs a product that <see cref="Fits"/>.</summary>
    public static void Run(Workers w, in GemmProblem p)
    {
        if (w.Threads == 1 || IsAlone(p))
        {
            // Down the rows a panel of B stays in L1; along the columns a C that L2 does not keep is written in order ((1024, 16)ᵀ · (1024, 512): 1.14 times as fast).
            Part(p, 0, p.M, 0, p.N, !(CacheHint.IsFar((long)p.M * p.N) || (long)p.K * p.N <= NearB));
            return;
        }
        // Where C is cut changes no bit: each sum is one tile's.
        int chunks = ChunksOf(p);
        int rowChunks = Math.Clamp(p.M / EvenRows, 1, chunks);
        int unit = 6 * TSimd.Count;
        int columnChunks = Math.Clamp(p.N / unit, 1, (chunks + rowChunks - 1) / rowChunks);
        var job = new GemmStripJob<TSimd, TVector> { P = p };
        job.ChunkRows = RowsOfChunk(p.M, rowChunks);
        job.ChunkColumns = columnChunks == 1 ? p.N : (p.N / unit + columnChunks - 1) / columnChunks * unit;
        w.Run(ref job, (p.M + job.ChunkRows - 1) / job.ChunkRows * job.ColumnChunks);
    }

    /// <summary>Rows [<paramref name="row"/>, <paramref name="rowEnd"/>) and columns [<paramref name="column"/>, <paramref name="columnEnd"/>) of C, tile after tile down the rows or along the columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Part(in GemmProblem p, int row, int rowEnd, int column, int columnEnd, bool down)
    {
        GemmStripCall call;
        call.RowStrideA = p.RowStrideA;
        call.ColumnStrideA = p.ColumnStrideA;
        call.RowStrideB = p.RowStrideB;
        call.RowStrideC = p.RowStrideC;
        call.K = p.K;
        call.Store = (p.Accumulate ? GemmStore.Add : GemmStore.Plain) | (p.Activation == ActivationKind.ReLU ? GemmStore.ReLU : GemmStore.Plain);
        int vectors = (int)(((uint)(columnEnd - column) + (uint)TSimd.Count - 1) / (uint)TSimd.Count);
        int overlap = (vectors * TSimd.Count) - (columnEnd - column);
        if (vectors <= 4 && !(vectors == 4 && p.RowStrideB % TSimd.Count != 0))
        {
            Panels(p, &call, down, row, rowEnd, column, 1, vectors, overlap);
        }
        else
        {
            // Three vectors a panel, and two in the last ones: a last vector that is not whole needs a neighbour in its tile.
            // Four of a B whose rows begin inside cache lines are two and two: taller tiles cross lines less often ((8, 256) · (256, 50): 1.2 to 1.4 times as fast, others level).
            int narrow = vectors % 3 == 0 ? 0 : 3 - (vectors % 3);
            int wide = (vectors - (2 * narrow)) / 3;
            if (wide > 0)
                Panels(p, &call, down, row, rowEnd, column, wide, 3, narrow == 0 ? overlap : 0);
            if (narrow > 0)
                Panels(p, &call, down, row, rowEnd, column + (3 * wide * TSimd.Count), narrow, 2, overlap);
        }
        if (p.NeedsActivationPass)
            GemmActivation<TSimd, TVector>.Rows(p.Activation, p.C + (row * p.RowStrideC) + column, p.RowStrideC, rowEnd - row, columnEnd - column);
    }

    /// <summary>Panels of so many vectors, whose last one reaches back by <paramref name="overlap"/> columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Panels(in GemmProblem p, GemmStripCall* call, bool down, int row, int rowEnd, int column, int panels, int vectors, int overlap)
    {
        int columns = vectors * TSimd.Count;
        int most = MostRows(vectors);
        if (p.K <= StoringTerms && p.RowStrideC % GemmBlock<TSimd, TVector>.AliasingStride == 0)
            most = Math.Min(most, 4);
        if (most > EvenRows && (rowEnd - row) % EvenRows == 0)
            most = EvenRows;
        int count = (int)(((uint)(rowEnd - row) + (uint)most - 1) / (uint)most);
        int height = (int)((uint)(rowEnd - row) / (uint)count);
        int taller = rowEnd - row - (height * count);
        down |= panels == 1;
        for (int part = 0; part < 2; part++)
        {
            int tiles = part == 0 ? taller : count - taller;
            if (tiles == 0)
                continue;
            int h = part == 0 ? height + 1 : height;
            delegate*<GemmStripCall*, void> body = GemmStripTiles<TSimd, TVector>.Of(h, vectors);
            nint stepA = h * p.RowStrideA;
            nint stepC = h * p.RowStrideC;
            float* a = p.A + (row * p.RowStrideA);
            float* c = p.C + (row * p.RowStrideC) + column;
            row += tiles * h;
            int whole = overlap == 0 || down ? panels : panels - 1;
            int strips = down ? panels : tiles;
            call->StepA = down ? stepA : 0;
            call->StepB = down ? 0 : columns;
            call->StepC = down ? stepC : columns;
            call->StepBias = call->StepB;
            for (int strip = 0; strip < strips; strip++)
            {
                call->A = down ? a : a + (strip * stepA);
                call->B = p.B + column + (down ? strip * columns : 0);
                call->C = c + (down ? strip * columns : strip * stepC);
                call->Bias = p.Bias == null ? null : p.Bias + column + (down ? strip * columns : 0);
                call->Last = columns - TSimd.Count - (down && strip == panels - 1 ? overlap : 0);
                call->Tiles = down ? tiles : whole;
                if (call->Tiles > 0)
                    body(call);
                if (!down && whole != panels)
                {
                    call->Last -= overlap;
                    call->Tiles = 1;
                    body(call);
                }
            }
        }
    }

    /// <summary>True for a product that one thread computes.</summary>
    public static bool IsSmall(in GemmProblem p) => (long)p.M * p.N * p.K < GemmPlan.SharedWork;

    /// <summary>True for a product that is not worth waking another thread: what it stores counts, too.</summary>
    public static bool IsAlone(in GemmProblem p) => Work(p) < GemmPlan.SharedWork;

    /// <summary>Chunks of a product that threads share.</summary>
    public static int ChunksOf(in GemmProblem p) => (int)Math.Min(Work(p) / GemmPlan.ChunkWork, 64);

    /// <summary>Rows of one of so many chunks: whole tiles of eight.</summary>
    public static int RowsOfChunk(int rows, int chunks) => Math.Max(1, rows / (EvenRows * chunks)) * EvenRows;

    private static long Work(in GemmProblem p) => (long)p.M * p.N * Math.Max(p.K, StoredTerms);

    private static int MostRows(int vectors) => TSimd.Registers >= 32
        ? vectors <= 2 ? 14 : vectors == 3 ? 9 : 6
        : vectors == 1 ? 12 : vectors == 2 ? 6 : vectors == 3 ? 4 : 2;
}

/// <summary>Rows and columns of C.</summary>
internal struct GemmStripJob<TSimd, TVector> : IChunkJob<GemmStripJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public GemmProblem P;

    public int ChunkRows, ChunkColumns;

    /// <summary>The last one has up to twice a chunk's columns: fewer might be less than two vectors.</summary>
    public readonly int ColumnChunks => Math.Max(1, P.N / ChunkColumns);

    public static void Execute(ref GemmStripJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int columnChunks = job.ColumnChunks;
        int row = chunk / columnChunks * job.ChunkRows;
        int rowEnd = Math.Min(job.P.M, row + job.ChunkRows);
        int column = chunk % columnChunks;
        int columnEnd = column == columnChunks - 1 ? job.P.N : (column + 1) * job.ChunkColumns;
        GemmStrips<TSimd, TVector>.Part(job.P, row, rowEnd, column * job.ChunkColumns, columnEnd, down: false);
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// A chunk of C by a thread that shares nothing: for each block of K, panel after panel of B, and all row tiles while the panel is near: in L1 (segments) or in L2. The panel's first
/// tile reads B where it lies and lays it down as it goes; the others meanwhile fetch the next panel. Nobody waits for a copy that somebody else makes,
/// and what a core packed is never read from the other core's L2. One or two row tiles read B in place instead, and ask for the next panel both. A thread's later chunks find all panels where its first has laid them down.
/// </summary>
internal static unsafe class GemmOwnPanels<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // Panels that a copy of a block of A has to serve where a thread has some of the columns (two threads: 1.1 to 1.2 times as fast in place).
    private const int PackedPanels = 8;

    // Of two row tiles the copy of a panel would be read once, and it costs more than that saves (8 to 18 rows: 0.76 to 0.95 of the speed).
    private const int TilesInPlace = 2;

    /// <summary>Computes rows [<paramref name="row"/>, <paramref name="rowEnd"/>) of C. B is row-major, tiles are wide.</summary>
    /// <param name="p">The product.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="row">First row.</param>
    /// <param name="rowEnd">Row after the last.</param>
    /// <param name="scratch">The thread's memory.</param>
    /// <param name="key">Names the product whose panels the thread keeps from chunk to chunk; 0 where each panel may replace the one before.</param>
    /// <param name="own">Working memory, <see cref="ScratchLength"/> aligned floats, or null to take it from <paramref name="scratch"/>.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in GemmProblem p, in GemmPlan plan, int row, int rowEnd, Scratch scratch, long key = 0, float* own = null)
    {
        var tiles = new GemmRowTiles(rowEnd - row, plan.TileRows);
        bool packColumns = p.ColumnStrideA != 1;
        bool packA = PacksA(p, plan);
        int tileLength = GemmRowPacking<TSimd, TVector>.TileLength(plan.TileRows, plan.BlockK);
        int width = WidthOf(p);
        int panelLength = PanelLength(p, plan, key != 0);
        int spill = GemmBlock<TSimd, TVector>.SpillLength;
        float* memory = key != 0 ? scratch.Kept(key) : own;
        bool packed = key != 0 && memory != null;
        if (memory == null)
            memory = scratch.Rent(ScratchLength(p, plan, rowEnd - row, key != 0));
        float* panel = memory + spill;
        float* packedA = panel + panelLength;

        GemmTileCall call = default;
        call.Spill = memory;
        call.Packed = panel;
        call.RowStrideC = p.RowStrideC;
        call.Alpha = p.Alpha;
        // The tiles that follow a panel's first (in place: all tiles) ask together for each row of the next panel once; panels kept from an earlier chunk need no fetching.
        call.FetchStep = p.RowStrideB;
        bool inPlace = key == 0 && own == null && tiles.Count <= TilesInPlace;
        call.FetchEvery = packed ? int.MaxValue / 2 : inPlace ? tiles.Count : Math.Max(1, tiles.Count - 1);
        bool reachesBack = key == 0 && p.N >= plan.PanelColumns && !p.NeedsActivationPass && GemmFrame<TSimd, TVector>.ReachesBack(p, plan);
        int calls = tiles.Count * ((p.N + plan.PanelColumns - 1) / plan.PanelColumns);
        for (int k = 0; k < p.K; k += plan.BlockK)
        {
            int depth = Math.Min(plan.BlockK, p.K - k);
            bool last = k + depth == p.K;
            GemmStore ending = p.Ending(k == 0, last);
            call.Beta = p.FactorOfC(k == 0);
            call.K = depth;
            if (packA)
                PackRows(p, tiles, row, k, depth, packedA, tileLength);
            // The next block of a transposed A, some rows of it with each tile.
            float* nextA = p.A + row + ((k + depth) * p.ColumnStrideA);
            int leftA = packColumns ? Math.Min(plan.BlockK, p.K - k - depth) : 0;
            int stepA = (leftA + calls - 1) / calls;
            for (int j = 0; j < p.N; j += plan.PanelColumns)
            {
                int columns = Math.Min(plan.PanelColumns, p.N - j);
                int vectors = (columns + TSimd.Count - 1) / TSimd.Count;
                bool partial = columns != vectors * TSimd.Count;
                if (partial && reachesBack)
                {
                    columns = vectors * TSimd.Count;
                    j = p.N - columns;
                    partial = false;
                }
                float* b = p.B + (k * p.RowStrideB) + j;
                if (key != 0)
                    call.Packed = panel = memory + spill + ((nint)k * width) + ((nint)j * depth);
                if (partial && !packed)
                    GemmPacking<TSimd, TVector>.Panel(b, p.RowStrideB, 1, depth, columns, panel);
                call.LastCount = columns - ((vectors - 1) * TSimd.Count);
                call.Store = partial ? ending | GemmStore.Partial : ending;
                call.Bias = p.Bias + j;
                bool direct = inPlace && !partial;
                call.B = direct ? b : panel;
                call.RowStrideB = direct ? p.RowStrideB : vectors * TSimd.Count;
                // Where rows begin inside cache lines, a row's first line has been read with the panel before: what is asked for begins a line later, but for a float.
                float* next = (j + columns < p.N ? b + columns : p.B + ((k + depth) * p.RowStrideB)) + (CacheHint.LineFloats - 1);
                int m = row;
                for (int tile = 0; tile < tiles.Count; tile++)
                {
                    int h = tiles.Height(tile);
                    call.C = p.C + (m * p.RowStrideC) + j;
                    call.A = packA ? packedA + (tile * tileLength) : p.A + (m * p.RowStrideA) + (k * p.ColumnStrideA);
                    call.RowStrideA = packA ? 1 : p.RowStrideA;
                    call.ColumnStrideA = packA ? h : p.ColumnStrideA;
                    if (leftA > 0)
                    {
                        int rows = Math.Min(stepA, leftA);
                        CacheHint.RowsToL2(nextA, p.ColumnStrideA, rows, rowEnd - row);
                        nextA += rows * p.ColumnStrideA;
                        leftA -= rows;
                    }
                    if (tile == 0 && !partial && !packed && !direct)
                    {
                        GemmTileCall packing = call;
                        packing.B = b;
                        packing.RowStrideB = p.RowStrideB;
                        GemmTiles<TSimd, TVector>.Packing(h, vectors)(&packing);
                    }
                    else
                    {
                        call.Fetch = packed ? panel : next + (depth * (inPlace ? tile : Math.Max(0, tile - 1)) / call.FetchEvery * p.RowStrideB);
                        GemmTiles<TSimd, TVector>.Fetching(h, vectors)(&call);
                    }
                    if (last && p.NeedsActivationPass)
                        GemmActivation<TSimd, TVector>.Rows(p.Activation, call.C, p.RowStrideC, h, columns);
                    m += h;
                }
            }
        }
        if (key != 0)
            scratch.Keep(key);
    }

    /// <summary>Floats of working memory that <see cref="Run"/> needs.</summary>
    public static int ScratchLength(in GemmProblem p, in GemmPlan plan, int rows, bool keepsPanels)
    {
        int tiles = PacksA(p, plan) ? Math.Max(plan.ChunkTiles, (rows + plan.TileRows - 1) / plan.TileRows) : 0;
        return checked(GemmBlock<TSimd, TVector>.SpillLength + PanelLength(p, plan, keepsPanels) + (tiles * GemmRowPacking<TSimd, TVector>.TileLength(plan.TileRows, plan.BlockK)));
    }

    // A transposed A of a segment, or one that serves few panels, is read where it lies: a tile's elements of a term are neighbours (1.02 to 1.2 times as fast without a copy).
    private static bool PacksA(in GemmProblem p, in GemmPlan plan)
        => (plan.Packing != GemmPackingOrder.OwnPanels || plan.ColumnChunks == 1 || p.N >= PackedPanels * plan.PanelColumns)
        && (p.ColumnStrideA != 1 ? plan.PacksColumns && p.ColumnStrideA * Math.Min(plan.BlockK, p.K) > GemmBlock<TSimd, TVector>.SmallA : p.RowStrideA % GemmBlock<TSimd, TVector>.AliasingStride == 0 && p.RowStrideA != 0);

    private static int WidthOf(in GemmProblem p) => (p.N + TSimd.Count - 1) / TSimd.Count * TSimd.Count;

    private static int PanelLength(in GemmProblem p, in GemmPlan plan, bool keepsPanels)
        => AlignedBuffer.RoundUp(keepsPanels ? checked(p.K * WidthOf(p)) : plan.BlockK * plan.PanelColumns);

    private static void PackRows(in GemmProblem p, GemmRowTiles tiles, int row, int k, int depth, float* packed, int tileLength)
    {
        for (int tile = 0; tile < tiles.Count; tile++)
        {
            int h = tiles.Height(tile);
            float* a = p.A + (row * p.RowStrideA) + (k * p.ColumnStrideA);
            if (p.ColumnStrideA != 1)
                GemmRowPacking<TSimd, TVector>.Columns(a, p.ColumnStrideA, depth, h, p.M - row, packed);
            else
                GemmRowPacking<TSimd, TVector>.Rows(a, p.RowStrideA, depth, h, packed);
            row += h;
            packed += tileLength;
        }
    }
}

/// <summary>Chunks of rows, each by <see cref="GemmOwnPanels{TSimd, TVector}"/>.</summary>
internal unsafe struct GemmOwnPanelsJob<TSimd, TVector> : IChunkJob<GemmOwnPanelsJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public GemmProblem P;
    public GemmPlan Plan;

    /// <summary>Of the panels that each thread keeps for its next chunk.</summary>
    public long Key;

    public static void Execute(ref GemmOwnPanelsJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        // The last rows, fewer than the others', come in the middle, where two threads meet: first on the helper's list, they would make it pack all panels for little of the work.
        int last = job.Plan.RowChunks - 1;
        int middle = job.Plan.RowChunks / 2;
        int row = (chunk < middle ? chunk : chunk == middle ? last : chunk - 1) * job.Plan.ChunkRows;
        GemmOwnPanels<TSimd, TVector>.Run(job.P, job.Plan, row, Math.Min(job.P.M, row + job.Plan.ChunkRows), scratch, job.Key);
    }
}

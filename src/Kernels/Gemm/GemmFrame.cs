using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Chooses a path for a product from its shape, prepares B, and hands chunks of C to the threads.</summary>
internal static unsafe class GemmFrame<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [SkipLocalsInit] // Small products: the jobs of paths not taken would be cleared on every call.
    public static void Multiply(Workers w, in GemmProblem p)
    {
        if (p.M == 0 || p.N == 0)
            return;
        if (p.K == 0)
        {
            GemmWithoutTerms.Run(p);
            return;
        }
        if (p.K == 1)
        {
            // Strides along a K of one element mean nothing: let them say "contiguous".
            GemmProblem contiguous = p with { ColumnStrideA = 1, RowStrideB = p.ColumnStrideB == 1 ? p.N : p.RowStrideB };
            Choose(w, contiguous);
            return;
        }
        Choose(w, p);
    }

    [SkipLocalsInit]
    private static void Choose(Workers w, in GemmProblem p)
    {
        if (GemmDots<TSimd, TVector>.Fits(p))
        {
            GemmDots<TSimd, TVector>.Multiply(w, p);
            return;
        }
        if (NarrowFrame<TSimd, TVector>.TryMultiply(w, p))
            return;
        if (GemmSplit<TSimd, TVector>.TryMultiply(w, p))
            return;
        if (p.M == 1 && p.ColumnStrideB == 1)
            Rows(w, p);
        else if (p.N == 1 && p.RowStrideA == 1 && p.M > 1 && p.RowStrideC == 1 && p.Bias == null)
            Rows(w, Mirrored(p));
        else if (p.N == 1 && p.ColumnStrideA == 1)
            Dots(w, p, biasStep: 0);
        else if (p.M == 1 && p.RowStrideB == 1)
            Dots(w, Mirrored(p), biasStep: 1);
        else
            Several(w, p);
    }

    private static void Several(Workers w, in GemmProblem p)
    {
        if (GemmTurned<TSimd, TVector>.Fits(p))
        {
            GemmTurned<TSimd, TVector>.Multiply(w, p);
        }
        else if (GemmMirrored<TSimd, TVector>.Fits(p))
        {
            GemmMirrored<TSimd, TVector>.Multiply(w, p);
        }
        else if (GemmColumnsBehind<TSimd, TVector>.Of(p) is int behind and not 0)
        {
            Tiles(w, p with { N = p.N - behind, Behind = behind });
        }
        else
        {
            Tiles(w, p);
        }
    }

    /// <summary>Cᵀ = Bᵀ Aᵀ. The bias then runs along the rows.</summary>
    public static GemmProblem Mirrored(in GemmProblem p) => p with
    {
        M = p.N,
        N = p.M,
        A = p.B,
        RowStrideA = p.ColumnStrideB,
        ColumnStrideA = p.RowStrideB,
        B = p.A,
        RowStrideB = p.ColumnStrideA,
        ColumnStrideB = p.RowStrideA,
        RowStrideC = 1,
    };

    private static void Rows(Workers w, in GemmProblem p)
    {
        int unit = 8 * TSimd.Count;
        long columns = ((GemmPlan.ChunkWork / p.K) + unit) / unit * unit;
        if (columns >= p.N)
        {
            GemvRows<TSimd, TVector>.Run(p, 0, p.N);
            return;
        }
        var job = new GemvRowsJob<TSimd, TVector> { P = p, ChunkColumns = (int)Math.Min(columns, p.N) };
        w.Run(ref job, (int)(((long)p.N + job.ChunkColumns - 1) / job.ChunkColumns));
    }

    private static void Dots(Workers w, in GemmProblem p, int biasStep)
    {
        var job = new GemvDotsJob<TSimd, TVector> { P = p, X = p.B, BiasStep = biasStep };
        if (p.RowStrideB != 1 && p.K > 1)
        {
            job.X = w.Shared.Rent(p.K);
            for (int k = 0; k < p.K; k++)
                job.X[k] = p.B[k * p.RowStrideB];
        }
        job.ChunkRows = (int)Math.Min(((GemmPlan.ChunkWork / p.K) + 4) / 4 * 4, p.M);
        w.Run(ref job, (int)(((long)p.M + job.ChunkRows - 1) / job.ChunkRows));
    }

    [SkipLocalsInit]
    private static void Tiles(Workers w, in GemmProblem p)
    {
        if (GemmStrips<TSimd, TVector>.Fits(p))
        {
            GemmStrips<TSimd, TVector>.Run(w, p);
            if (p.Behind > 0)
                GemmColumnsBehind<TSimd, TVector>.Run(p, 0, p.M, w.ScratchOf(0));
            return;
        }
        if (GemmStripTranspose<TSimd, TVector>.Fits(p))
        {
            GemmStripTranspose<TSimd, TVector>.Run(w, p);
            return;
        }
        if (GemmSliced<TSimd, TVector>.Fits(w, p))
        {
            GemmSliced<TSimd, TVector>.Run(w, p);
            return;
        }
        bool partial = p.N % TSimd.Count != 0;
        bool reachesBack = partial && !p.Accumulate && p.N > 2 * TSimd.Count && GemmPlan.HasOneBlock(p.M, p.N, p.K);
        var plan = new GemmPlan(p.M, p.N, p.K, p.ColumnStrideB != 1, TSimd.Count, TSimd.Registers, p.ColumnStrideA != 1, reachesBack, ownPanels: true, aliasing: Aliasing(p));
        if (plan.Packing == GemmPackingOrder.PanelByPanel)
        {
            var job = new GemmPanelJob<TSimd, TVector> { P = p, Plan = plan };
            if (p.N > 2 * plan.PanelColumns && p.ColumnStrideA == 1 && Aliasing(p) && (long)p.M * p.K <= GemmPlan.NearRows)
            {
                job.Key = w.NextKey();
                job.TileLength = GemmRowPacking<TSimd, TVector>.TileLength(plan.TileRows, plan.BlockK);
            }
            w.Run(ref job, plan.ColumnChunks);
        }
        else if (plan.Packing == GemmPackingOrder.OwnPanels)
        {
            OwnPanels(w, p, plan);
        }
        else if (plan.Packing == GemmPackingOrder.BlockByBlock)
        {
            if (p.ColumnStrideB != 1 && (long)p.K * p.N <= GemmPlan.OwnTerms)
            {
                var job = new GemmTurnedPanelsJob<TSimd, TVector> { P = p, Plan = plan, Key = w.NextKey() };
                w.Run(ref job, plan.RowChunks);
                return;
            }
            BlockByBlock(w, p, plan);
        }
        else if (plan.Streams)
        {
            Streamed(w, p, plan);
        }
        else
        {
            InPlace(w, p, plan);
        }
    }

    private static bool Aliasing(in GemmProblem p) => p.RowStrideA % GemmBlock<TSimd, TVector>.AliasingStride == 0;

    private static void OwnPanels(Workers w, in GemmProblem p, in GemmPlan plan)
    {
        if (plan.Segments > 1)
        {
            GemmSegments<TSimd, TVector>.Run(w, p, plan);
            return;
        }
        if (plan.RowChunks == 1)
        {
            GemmColumnsJob<TSimd, TVector>.Run(w, p, plan);
            return;
        }
        var job = new GemmOwnPanelsJob<TSimd, TVector> { P = p, Plan = plan, Key = w.NextKey() };
        w.Run(ref job, plan.RowChunks);
    }

    [SkipLocalsInit]
    private static void InPlace(Workers w, in GemmProblem p, in GemmPlan plan)
    {
        GemmPanels panels = InPlace(p, plan, w.Shared);
        if (w.Threads == 1 || plan.RowChunks * plan.ColumnChunks == 1)
        {
            float* memory = w.ScratchOf(0).Rent(GemmBlock<TSimd, TVector>.ScratchLength(plan));
            for (int chunk = 0; chunk < plan.ColumnChunks; chunk++)
            {
                int column = chunk * plan.ChunkColumns;
                GemmBlock<TSimd, TVector>.Run(p, plan, panels, 0, 0, p.M, column, Math.Min(p.N, column + plan.ChunkColumns), 0, p.K, memory);
            }
            if (p.Behind > 0)
                GemmColumnsBehind<TSimd, TVector>.Run(p, 0, p.M, w.ScratchOf(0));
            return;
        }
        var job = new GemmTileJob<TSimd, TVector> { P = p, Plan = plan, Panels = panels, ColumnEnd = p.N, KEnd = p.K };
        w.Run(ref job, plan.RowChunks * plan.ColumnChunks);
    }

    private static void BlockByBlock(Workers w, in GemmProblem p, in GemmPlan plan)
    {
        for (int n = 0; n < p.N; n += plan.BlockN)
        {
            int nEnd = Math.Min(p.N, n + plan.BlockN);
            for (int k = 0; k < p.K; k += plan.BlockK)
            {
                int kEnd = Math.Min(p.K, k + plan.BlockK);
                int panels = (nEnd - n + plan.PanelColumns - 1) / plan.PanelColumns;
                var pack = new GemmPackJob<TSimd, TVector>
                {
                    B = p.B + (k * p.RowStrideB) + (n * p.ColumnStrideB),
                    RowStride = p.RowStrideB,
                    ColumnStride = p.ColumnStrideB,
                    Rows = kEnd - k,
                    Columns = nEnd - n,
                    PanelColumns = plan.PanelColumns,
                    Packed = w.Shared.Rent(panels * plan.PanelColumns * (kEnd - k)),
                };
                w.Run(ref pack, panels);
                var job = new GemmTileJob<TSimd, TVector> { P = p, Plan = plan, Column = n, ColumnEnd = nEnd, K = k, KEnd = kEnd };
                job.Panels.Packed = pack.Packed;
                job.Panels.PackedK = k;
                job.Panels.PackedPanel = (nint)plan.PanelColumns * (kEnd - k);
                int columnChunks = (nEnd - n + plan.ChunkColumns - 1) / plan.ChunkColumns;
                w.Run(ref job, plan.RowChunks * columnChunks);
            }
        }
    }

    /// <summary>Block of K by block of K; a transposed A is packed once a block when enough panels read it.</summary>
    private static void Streamed(Workers w, in GemmProblem p, in GemmPlan plan)
    {
        bool packA = p.ColumnStrideA != 1 && p.RowStrideA == 1 && p.N >= 4 * plan.PanelColumns;
        int packedTile = packA ? GemmRowPacking<TSimd, TVector>.TileLength(plan.TileRows, plan.BlockK) : 0;
        var job = new GemmTileJob<TSimd, TVector> { P = p, Plan = plan, ColumnEnd = p.N };
        job.Panels = InPlace(p, plan, w.Shared, checked(packedTile * plan.RowChunks * plan.ChunkTiles));
        job.Panels.PackedTile = packedTile;
        if (!packA)
            job.Panels.PackedA = null;
        for (int k = 0; k < p.K; k += plan.BlockK)
        {
            job.K = k;
            job.KEnd = Math.Min(p.K, k + plan.BlockK);
            if (packA)
            {
                var pack = new GemmRowPackJob<TSimd, TVector>
                {
                    Plan = plan,
                    A = p.A + (k * p.ColumnStrideA),
                    ColumnStride = p.ColumnStrideA,
                    Depth = job.KEnd - k,
                    Rows = p.M,
                    Packed = job.Panels.PackedA,
                    PackedTile = packedTile,
                };
                w.Run(ref pack, plan.RowChunks);
            }
            w.Run(ref job, plan.RowChunks * plan.ColumnChunks);
        }
    }

    /// <summary>
    /// True where the last panel may begin before its neighbour ends, so that all its vectors are whole. The columns that both hold are computed twice, to the
    /// same bits, by two threads perhaps; so nothing may be added to what C held, and no pass over finished rows may see a column that is written again.
    /// </summary>
    public static bool ReachesBack(in GemmProblem p, in GemmPlan plan)
        => !p.Accumulate && p.K <= plan.BlockK && (!p.NeedsActivationPass || (plan.ColumnChunks == 1 && p.N <= plan.BlockN));

    /// <summary>B read where it lies, but for a right edge that is no whole number of vectors: that is copied, padded with zeros.</summary>
    /// <param name="p">The product.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="shared">Memory for the copy.</param>
    /// <param name="more">Floats that the caller needs besides: the panels' <see cref="GemmPanels.PackedA"/> points at them.</param>
    public static GemmPanels InPlace(in GemmProblem p, in GemmPlan plan, Scratch shared, int more = 0)
    {
        int whole = p.N / plan.PanelColumns;
        int edge = p.N - (whole * plan.PanelColumns);
        int width = edge % TSimd.Count == 0 ? 0 : (edge + TSimd.Count - 1) / TSimd.Count * TSimd.Count;
        var panels = new GemmPanels { Direct = p.B, DirectStride = p.RowStrideB, FirstPacked = int.MaxValue };
        if (width != 0 && width <= p.N && ReachesBack(p, plan))
        {
            panels.Overlap = width - edge;
            width = 0;
        }
        if (width == 0 && more == 0)
            return panels;
        int packed = AlignedBuffer.RoundUp(checked(width * p.K));
        panels.Packed = shared.Rent(checked(packed + more));
        if (more != 0)
            panels.PackedA = panels.Packed + packed;
        if (width != 0)
        {
            panels.FirstPacked = whole;
            GemmPacking<TSimd, TVector>.Panel(p.B + ((nint)whole * plan.PanelColumns), p.RowStrideB, 1, p.K, edge, panels.Packed);
        }
        return panels;
    }
}

/// <summary>Packs B, a panel a chunk.</summary>
internal unsafe struct GemmPackJob<TSimd, TVector> : IChunkJob<GemmPackJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public float* B;
    public nint RowStride, ColumnStride;
    public int Rows, Columns, PanelColumns;
    public float* Packed;

    public static void Execute(ref GemmPackJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int column = chunk * job.PanelColumns;
        GemmPacking<TSimd, TVector>.Panel(
            job.B + (column * job.ColumnStride), job.RowStride, job.ColumnStride, job.Rows,
            Math.Min(job.PanelColumns, job.Columns - column), job.Packed + ((nint)column * job.Rows));
    }
}

/// <summary>Chunks of C: rows and columns by the plan.</summary>
internal struct GemmTileJob<TSimd, TVector> : IChunkJob<GemmTileJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public GemmProblem P;
    public GemmPlan Plan;
    public GemmPanels Panels;
    public int Column, ColumnEnd, K, KEnd;

    [SkipLocalsInit]
    public static unsafe void Execute(ref GemmTileJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        (int rowChunk, int columnChunk) = job.Plan.ChunkAt(chunk);
        int row = rowChunk * job.Plan.ChunkRows;
        int column = job.Column + (columnChunk * job.Plan.ChunkColumns);
        GemmPanels panels = job.Panels;
        if (panels.PackedA != null)
            panels.PackedA += rowChunk * job.Plan.ChunkTiles * panels.PackedTile;
        int rowEnd = Math.Min(job.P.M, row + job.Plan.ChunkRows);
        int columnEnd = Math.Min(job.ColumnEnd, column + job.Plan.ChunkColumns);
        GemmBlock<TSimd, TVector>.Run(
            job.P, job.Plan, panels, job.Column, row, rowEnd, column, columnEnd,
            job.K, job.KEnd, scratch.Rent(GemmBlock<TSimd, TVector>.ScratchLength(job.Plan)));
        if (job.P.Behind > 0 && columnEnd == job.P.N)
            GemmColumnsBehind<TSimd, TVector>.Run(job.P, row, rowEnd, scratch);
    }
}

/// <summary>Chunks of C by the plan, whose threads pack B themselves: one panel of one block of K, used up while it lies in L1.</summary>
internal unsafe struct GemmPanelJob<TSimd, TVector> : IChunkJob<GemmPanelJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public GemmProblem P;
    public GemmPlan Plan;

    /// <summary>
    /// Of a turned tile of A; 0 where A is read where it lies. Rows that compete for the same sets of L1 are turned anyway: each thread does it once, and keeps them for all its panels
    /// (turned for each panel anew (128, 1024) · (1024, 1024)ᵀ took 1.4 times as long on one thread).
    /// </summary>
    public int TileLength;

    /// <summary>Of the turned A.</summary>
    public long Key;

    public static void Execute(ref GemmPanelJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        GemmPlan plan = job.Plan;
        int column = chunk * plan.ChunkColumns;
        int columnEnd = Math.Min(job.P.N, column + plan.ChunkColumns);
        int own = AlignedBuffer.RoundUp(GemmBlock<TSimd, TVector>.ScratchLength(plan));
        int panel = plan.PanelColumns * plan.BlockK;
        int blockA = job.TileLength * ((job.P.M + plan.TileRows - 1) / plan.TileRows);
        float* memory = blockA != 0 ? scratch.Kept(job.Key) : null;
        bool turned = memory != null;
        if (!turned)
            memory = scratch.Rent(checked(own + panel + ((job.P.K + plan.BlockK - 1) / plan.BlockK * blockA)));
        var panels = new GemmPanels { Packed = memory + own, PackedTile = job.TileLength };
        float* packedA = memory + own + panel;
        if (blockA != 0 && !turned)
        {
            TurnRows(job, packedA);
            scratch.Keep(job.Key);
        }
        bool reachesBack = GemmFrame<TSimd, TVector>.ReachesBack(job.P, plan);
        for (int n = column; n < columnEnd; n += plan.PanelColumns)
        {
            int nEnd = Math.Min(columnEnd, n + plan.PanelColumns);
            if (reachesBack && nEnd == job.P.N)
                n = Math.Max(0, nEnd - ((nEnd - n + TSimd.Count - 1) / TSimd.Count * TSimd.Count));
            for (int k = 0; k < job.P.K; k += plan.BlockK)
            {
                int kEnd = Math.Min(job.P.K, k + plan.BlockK);
                GemmPacking<TSimd, TVector>.Panel(
                    job.P.B + (k * job.P.RowStrideB) + (n * job.P.ColumnStrideB), job.P.RowStrideB, job.P.ColumnStrideB, kEnd - k, nEnd - n, panels.Packed);
                panels.PackedK = k;
                if (blockA != 0)
                    panels.PackedA = packedA + ((nint)(k / plan.BlockK) * blockA);
                GemmBlock<TSimd, TVector>.Run(job.P, plan, panels, n, 0, job.P.M, n, nEnd, k, kEnd, memory);
            }
        }
    }

    // Block of K by block, tile by tile, as the blocks' tiles read them.
    private static void TurnRows(in GemmPanelJob<TSimd, TVector> job, float* packed)
    {
        GemmProblem p = job.P;
        var tiles = new GemmRowTiles(p.M, job.Plan.TileRows);
        for (int k = 0; k < p.K; k += job.Plan.BlockK)
        {
            float* a = p.A + k;
            for (int tile = 0; tile < tiles.Count; tile++)
            {
                int rows = tiles.Height(tile);
                GemmRowPacking<TSimd, TVector>.Rows(a, p.RowStrideA, Math.Min(job.Plan.BlockK, p.K - k), rows, packed);
                a += rows * p.RowStrideA;
                packed += job.TileLength;
            }
        }
    }
}

/// <summary>Chunks of rows of C by threads that have turned all of a transposed B, each for itself: nobody waits until it is turned, and none reads what the other core has just written.</summary>
/// <remarks>Two threads: (256, 48) · (320, 48)ᵀ takes 0.7 of the time of a B that they turn together and share, (256, 200) · (128, 200)ᵀ 0.75. One thread turns as much either way.</remarks>
internal unsafe struct GemmTurnedPanelsJob<TSimd, TVector> : IChunkJob<GemmTurnedPanelsJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public GemmProblem P;
    public GemmPlan Plan;

    /// <summary>Of the panels that each thread keeps for its next chunk.</summary>
    public long Key;

    [SkipLocalsInit]
    public static void Execute(ref GemmTurnedPanelsJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int width = job.Plan.PanelColumns;
        int row = chunk * job.Plan.ChunkRows;
        int rowEnd = Math.Min(job.P.M, row + job.Plan.ChunkRows);
        int own = AlignedBuffer.RoundUp(GemmBlock<TSimd, TVector>.ScratchLength(job.Plan));
        float* memory = scratch.Kept(job.Key);
        bool turned = memory != null;
        if (!turned)
            memory = scratch.Rent(checked(own + ((job.P.N + width - 1) / width * width * job.P.K)));
        var panels = new GemmPanels { Packed = memory + own, PackedPanel = (nint)width * job.P.K };
        if (!turned)
        {
            for (int n = 0; n < job.P.N; n += width)
            {
                GemmPacking<TSimd, TVector>.Panel(
                    job.P.B + (n * job.P.ColumnStrideB), job.P.RowStrideB, job.P.ColumnStrideB, job.P.K, Math.Min(width, job.P.N - n), panels.Packed + ((nint)n * job.P.K));
            }
            scratch.Keep(job.Key);
        }
        GemmBlock<TSimd, TVector>.Run(job.P, job.Plan, panels, 0, row, rowEnd, 0, job.P.N, 0, job.P.K, memory);
    }
}

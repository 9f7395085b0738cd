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

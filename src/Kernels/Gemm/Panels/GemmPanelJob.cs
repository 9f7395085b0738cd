namespace FlatFuse.Kernels;

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

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Chunks of sequences, or of rows of long sequences.</summary>
internal unsafe struct Conv1DSlideJob<TSimd, TVector> : IChunkJob<Conv1DSlideJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public Conv1DGeometry Geometry;
    public GemmPlan Plan;
    public GemmPanels Panels;

    /// <summary>The product of a block, but for the columns of <see cref="Rest"/>; A, C and M differ from block to block.</summary>
    public GemmProblem P;

    public Conv1DRest<TSimd, TVector> Rest;

    /// <summary>Where rows are computed side by side; <see cref="Geometry"/> and everything else is that of the merged rows.</summary>
    public Conv1DMergedRows<TSimd, TVector> Merged;

    public float* X;
    public float* Y;
    public int BlockRows, BlocksPerItem, ItemsPerChunk, Chunks;

    /// <summary>
    /// True where rows of the output are stored in whole vectors although they are none: what a row writes beyond its end is the beginning of the next one, which comes later. Storing a
    /// tile in pieces takes as long as 15 terms of its sums: (100, 3) ∗ (5, 24) forward takes 0.6 of the time.
    /// </summary>
    public bool RunsOver;

    /// <summary>Floats of an output sequence.</summary>
    public readonly nint OutputPitch => ((nint)Geometry.OutputRows * Geometry.OutputWidth) + (Merged.Left * Merged.Alone.OutputWidth);

    /// <summary>Columns in whole vectors.</summary>
    public readonly int WholeWidth => (P.N + TSimd.Count - 1) / TSimd.Count * TSimd.Count;

    /// <summary>Nothing may be added to what the next row holds then, and no pass may see it before its time.</summary>
    public readonly bool MayRunOver
        => P.N > 0 && P.N % TSimd.Count != 0 && P.N <= Plan.BlockN && Geometry.Dilation == 1 && P.K <= Plan.BlockK && !P.Accumulate && !P.NeedsActivationPass && Panels.Overlap == 0
            && (long)Geometry.OutputRows * P.N >= TSimd.Count;

    /// <summary>Floats of working memory that <see cref="Multiply"/> needs.</summary>
    public readonly int ScratchLength => TilesLength + Rest.ScratchLength;

    private readonly int TilesLength => AlignedBuffer.RoundUp(GemmBlock<TSimd, TVector>.ScratchLength(Plan));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Execute(ref Conv1DSlideJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int gemm = AlignedBuffer.RoundUp(job.ScratchLength);
        float* memory = scratch.Rent(checked(gemm + (job.Geometry.WindowRows(job.BlockRows) * job.Geometry.InputWidth)));
        int first = chunk / job.BlocksPerItem * job.ItemsPerChunk;
        int last = Math.Min(job.Geometry.Batch, first + job.ItemsPerChunk);
        int row = chunk % job.BlocksPerItem * job.BlockRows;
        for (int item = first; item < last; item++)
            Block(job, item, row, Math.Min(job.BlockRows, job.Geometry.OutputRows - row), item == last - 1, memory, memory + gemm);
        if (job.Merged.Left > 0 && row + job.BlockRows >= job.Geometry.OutputRows)
            job.Merged.LeftOver(job, last - first, job.X + ((nint)first * job.Geometry.InputRows * job.Geometry.InputWidth), job.Y + (first * job.OutputPitch), memory);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block(in Conv1DSlideJob<TSimd, TVector> job, int item, int row, int rows, bool last, float* scratch, float* window)
    {
        Conv1DGeometry g = job.Geometry;
        GemmProblem p = job.P;
        p.M = rows;
        p.C = job.Y + (item * job.OutputPitch) + ((nint)row * g.OutputWidth);
        float* x = job.X + ((nint)item * g.InputRows * g.InputWidth);
        int start = (row * g.Stride) - g.Before;
        int windowRows = g.WindowRows(rows);
        if (start >= 0 && start + windowRows <= g.InputRows)
            p.A = x + ((nint)start * g.InputWidth);
        else
            p.A = Padded(x, g, start, windowRows, window);
        Multiply(job, p, last, scratch);
    }

    /// <summary>The product of a block whose window is <c>p.A</c>.</summary>
    /// <param name="job">The sliding.</param>
    /// <param name="p">The block's product.</param>
    /// <param name="last">True when what follows the block's output is another chunk's, or nothing.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(in Conv1DSlideJob<TSimd, TVector> job, GemmProblem p, bool last, float* scratch)
    {
        Conv1DGeometry g = job.Geometry;
        if (g.Dilation == 1)
        {
            if (job.RunsOver)
                RunOver(job, p, last, scratch);
            else if (p.N > 0)
                GemmBlock<TSimd, TVector>.Run(p, job.Plan, job.Panels, 0, 0, p.M, 0, p.N, 0, p.K, scratch);
            if (job.Rest.Columns > 0)
                job.Rest.Multiply(p, scratch + job.TilesLength);
            if (job.Merged.Rows > 0)
                job.Merged.Ensure(job, p, scratch);
            return;
        }
        // The terms of tap t are numbered from t · width on, so A is shifted to where term 0 would be.
        for (int tap = 0; tap < g.Taps; tap++)
        {
            int k = tap * g.InputWidth;
            GemmBlock<TSimd, TVector>.Run(p, job.Plan, job.Panels, 0, 0, p.M, 0, p.N, k, k + g.InputWidth, scratch);
            p.A += (nint)(g.Dilation - 1) * g.InputWidth;
        }
    }

    /// <summary>Rows in whole vectors but for the last tile, if another chunk's rows follow it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunOver(in Conv1DSlideJob<TSimd, TVector> job, in GemmProblem p, bool last, float* scratch)
    {
        int rows = p.M;
        if (last)
        {
            var tiles = new GemmRowTiles(p.M, job.Plan.TileRows);
            rows -= Math.Min(p.M, Math.Max(tiles.Height(tiles.Count - 1), (TSimd.Count + p.N - 1) / p.N));
        }
        if (rows > 0)
            WholeVectors(job, p, job.Panels, rows, scratch);
        if (rows < p.M)
            GemmBlock<TSimd, TVector>.Run(p, job.Plan, job.Panels, 0, rows, p.M, 0, p.N, 0, p.K, scratch);
    }

    /// <summary>The first rows in whole vectors; the last panel, which writes into the next row, first.</summary>
    public static void WholeVectors(in Conv1DSlideJob<TSimd, TVector> job, in GemmProblem p, in GemmPanels panels, int rows, float* scratch)
    {
        int edge = p.N / job.Plan.PanelColumns * job.Plan.PanelColumns;
        GemmBlock<TSimd, TVector>.Run(p, job.Plan, panels, 0, 0, rows, edge, job.WholeWidth, 0, p.K, scratch);
        if (edge > 0)
            GemmBlock<TSimd, TVector>.Run(p, job.Plan, panels, 0, 0, rows, 0, edge, 0, p.K, scratch);
    }

    /// <summary>Rows <paramref name="start"/> … of the input with zeros where there are none.</summary>
    private static float* Padded(float* x, in Conv1DGeometry g, int start, int rows, float* window)
    {
        int first = Math.Clamp(-start, 0, rows);
        int end = Math.Clamp(g.InputRows - start, first, rows);
        nint width = g.InputWidth;
        Unsafe.InitBlockUnaligned(window, 0, checked((uint)(first * width * sizeof(float))));
        Buffer.MemoryCopy(x + ((start + first) * width), window + (first * width), (end - first) * width * sizeof(float), (end - first) * width * sizeof(float));
        Unsafe.InitBlockUnaligned(window + (end * width), 0, checked((uint)((rows - end) * width * sizeof(float))));
        return window;
    }
}

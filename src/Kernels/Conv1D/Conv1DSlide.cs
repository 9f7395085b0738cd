using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// Convolution as a product over overlapping rows: with channels last, the window of an output row is one contiguous run of
/// <c>taps · width</c> floats and the next window begins <c>stride · width</c> floats later, so that the input itself is the matrix A with a leading
/// dimension below its row length. Nothing is copied for the interior (im2col would write every input taps times).
/// </summary>
/// <remarks>
/// A dilated window is not contiguous: its product runs tap by tap, each adding to C. A block that reaches beyond
/// the input works on a copy of its rows with zeros around: it costs one pass over the input where the product makes taps · filters passes, and
/// keeps one product a block, where clipping would leave products of one or two rows at the ends.
/// </remarks>
internal static unsafe class Conv1DSlide<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    // Below, packing the kernel costs more than its reuse returns.
    private const long PackingRows = 512;

    /// <summary>Slides <paramref name="kernel"/> [taps, input width, output width] over <paramref name="x"/>.</summary>
    public static void Forward(Workers w, in Conv1DGeometry g, float* x, float* kernel, float* bias, ActivationKind activation, float* y, bool accumulate)
    {
        bool packs = (long)g.Batch * g.OutputRows >= PackingRows;
        var job = Prepare(g, leastRows: 56, packs ? Conv1DRest<TSimd, TVector>.ColumnsOf(g) : 0);
        job.X = x;
        job.Y = y;
        job.P.Bias = bias;
        job.P.Activation = activation;
        job.P.Accumulate = accumulate;
        job.P.B = kernel;
        job.P.RowStrideB = g.OutputWidth;
        if (packs)
            Pack(ref job, w.Shared, kernel, g.InputWidth * g.OutputWidth, g.OutputWidth, 1);
        else
            job.Panels = GemmFrame<TSimd, TVector>.InPlace(job.P, job.Plan, w.Shared);
        job.RunsOver = job.MayRunOver;
        if (job.RunsOver && bias != null)
        {
            // Read in whole vectors, too.
            float* padded = stackalloc float[job.WholeWidth];
            new ReadOnlySpan<float>(bias, job.P.N).CopyTo(new Span<float>(padded, job.P.N));
            job.P.Bias = padded;
            w.Run(ref job, job.Chunks);
            return;
        }
        w.Run(ref job, job.Chunks);
    }

    /// <summary>Slides the flipped and transposed <paramref name="kernel"/> [taps, output width, input width] over <paramref name="dy"/>.</summary>
    public static void Flipped(Workers w, in Conv1DGeometry g, float* dy, float* kernel, float* dx, bool accumulate)
    {
        var job = Flipped(w.Shared, g, kernel, accumulate, leastRows: 56);
        job.X = dy;
        job.Y = dx;
        w.Run(ref job, job.Chunks);
    }

    /// <summary>The same for callers that go through the sequences themselves, in blocks of so many rows at least.</summary>
    public static Conv1DSlideJob<TSimd, TVector> Flipped(Scratch panels, in Conv1DGeometry g, float* kernel, bool accumulate, int leastRows)
    {
        var job = Prepare(g, leastRows, Conv1DRest<TSimd, TVector>.ColumnsOf(g));
        job.P.Accumulate = accumulate;
        nint tap = (nint)g.InputWidth * g.OutputWidth;
        Pack(ref job, panels, kernel + ((g.Taps - 1) * tap), -tap, 1, g.InputWidth);
        job.RunsOver = job.MayRunOver;
        return job;
    }

    private static Conv1DSlideJob<TSimd, TVector> Prepare(in Conv1DGeometry g, int leastRows, int restColumns)
    {
        var job = new Conv1DSlideJob<TSimd, TVector> { Geometry = g };
        job.Rest.Columns = restColumns;
        long rowWork = (long)g.Terms * g.OutputWidth;
        int wanted = (int)Math.Clamp(2 * GemmPlan.ChunkWork / rowWork, leastRows, int.MaxValue / 4);
        int blocks = Math.Max(1, g.OutputRows / wanted);
        job.BlockRows = (g.OutputRows + blocks - 1) / blocks;
        job.BlocksPerItem = (g.OutputRows + job.BlockRows - 1) / job.BlockRows;
        job.ItemsPerChunk = job.BlocksPerItem > 1 ? 1 : (int)Math.Clamp(GemmPlan.ChunkWork / (rowWork * g.OutputRows), 1, g.Batch);
        job.Chunks = (g.Batch + job.ItemsPerChunk - 1) / job.ItemsPerChunk * job.BlocksPerItem;
        job.P.N = g.OutputWidth - restColumns;
        job.Plan = new GemmPlan(job.BlockRows, Math.Max(1, job.P.N), g.Dilation == 1 ? g.Terms : g.InputWidth, transposedB: false, TSimd.Count, TSimd.Registers, products: (long)g.Batch * job.BlocksPerItem);
        job.P.M = job.BlockRows;
        job.P.K = g.Terms;
        job.P.RowStrideA = (nint)g.Stride * g.InputWidth;
        job.P.ColumnStrideA = 1;
        job.P.ColumnStrideB = 1;
        job.P.RowStrideC = g.OutputWidth;
        return job;
    }

    private static void Pack(ref Conv1DSlideJob<TSimd, TVector> job, Scratch memory, float* kernel, nint tapStride, nint rowStride, nint columnStride)
    {
        Conv1DGeometry g = job.Geometry;
        g.OutputWidth = job.P.N;
        job.Panels = PackTaps(memory, g, job.Plan, kernel, tapStride, rowStride, columnStride, job.Rest.Columns);
        job.Rest.Kernel = job.Panels.Packed + (Panels(g, job.Plan) * job.Panels.PackedPanel);
        job.Rest.Pack(g, kernel + (job.P.N * columnStride), tapStride, rowStride, columnStride);
    }

    private static int Panels(in Conv1DGeometry g, in GemmPlan plan) => (g.OutputWidth + plan.PanelColumns - 1) / plan.PanelColumns;

    /// <summary>
    /// The matrix [taps · input width, output width] in panels; the strides say how the kernel is stored. Of the geometry, taps and widths count. Behind the panels there
    /// is room for <paramref name="restColumns"/> more columns.
    /// </summary>
    public static GemmPanels PackTaps(
        Scratch memory, in Conv1DGeometry g, in GemmPlan plan, float* kernel, nint tapStride, nint rowStride, nint columnStride, int restColumns = 0)
    {
        int panels = Panels(g, plan);
        int length = checked(((panels * plan.PanelColumns) + restColumns) * g.Terms);
        var packed = new GemmPanels { PackedPanel = (nint)plan.PanelColumns * g.Terms, Packed = memory.Rent(length) };
        for (int panel = 0; panel < panels; panel++)
        {
            int column = panel * plan.PanelColumns;
            int columns = Math.Min(plan.PanelColumns, g.OutputWidth - column);
            int width = (columns + TSimd.Count - 1) / TSimd.Count * TSimd.Count;
            for (int tap = 0; tap < g.Taps; tap++)
            {
                GemmPacking<TSimd, TVector>.Panel(
                    kernel + (tap * tapStride) + (column * columnStride), rowStride, columnStride, g.InputWidth, columns,
                    packed.Packed + (panel * packed.PackedPanel) + ((nint)tap * g.InputWidth * width));
            }
        }
        return packed;
    }
}

/// <summary>Chunks of sequences, or of rows of long sequences.</summary>
internal unsafe struct Conv1DSlideJob<TSimd, TVector> : IChunkJob<Conv1DSlideJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public Conv1DGeometry Geometry;
    public GemmPlan Plan;
    public GemmPanels Panels;

    /// <summary>The product of a block, but for the columns of <see cref="Rest"/>; A, C and M differ from block to block.</summary>
    public GemmProblem P;

    public Conv1DRest<TSimd, TVector> Rest;

    public float* X;
    public float* Y;
    public int BlockRows, BlocksPerItem, ItemsPerChunk, Chunks;

    /// <summary>
    /// True where rows of the output are stored in whole vectors although they are none: what a row writes beyond its end is the beginning of the next one, which comes later. Storing a
    /// tile in pieces takes as long as 15 terms of its sums: (100, 3) ∗ (5, 24) forward takes 0.6 of the time.
    /// </summary>
    public bool RunsOver;

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
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block(in Conv1DSlideJob<TSimd, TVector> job, int item, int row, int rows, bool last, float* scratch, float* window)
    {
        Conv1DGeometry g = job.Geometry;
        GemmProblem p = job.P;
        p.M = rows;
        p.C = job.Y + ((((nint)item * g.OutputRows) + row) * g.OutputWidth);
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

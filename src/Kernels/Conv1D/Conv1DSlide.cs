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
    where TVector : unmanaged
{
    // Below, packing the kernel costs more than its reuse returns.
    private const long PackingRows = 512;

    /// <summary>Slides <paramref name="kernel"/> [taps, input width, output width] over <paramref name="x"/>.</summary>
    public static void Forward(Workers w, in Conv1DGeometry g, float* x, float* kernel, float* bias, ActivationKind activation, float* y, bool accumulate)
    {
        bool packs = (long)g.Batch * g.OutputRows >= PackingRows;
        var job = Prepare(g, leastRows: 56, packs, merges: packs && !accumulate);
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
        if ((job.RunsOver || job.Merged.Rows > 0) && bias != null)
        {
            // Read in whole vectors, too, and once for each of merged rows.
            float* padded = stackalloc float[job.WholeWidth];
            int width = job.P.N / Math.Max(1, job.Merged.Rows);
            for (int i = 0; i < job.P.N; i += width)
                new ReadOnlySpan<float>(bias, width).CopyTo(new Span<float>(padded + i, width));
            job.P.Bias = padded;
            w.Run(ref job, job.Chunks);
            return;
        }
        w.Run(ref job, job.Chunks);
    }

    /// <summary>Slides the flipped and transposed <paramref name="kernel"/> [taps, output width, input width] over <paramref name="dy"/>.</summary>
    public static void Flipped(Workers w, in Conv1DGeometry g, float* dy, float* kernel, float* dx, bool accumulate)
    {
        var job = Flipped(w.Shared, g, kernel, accumulate, leastRows: 56, merges: !accumulate);
        job.X = dy;
        job.Y = dx;
        w.Run(ref job, job.Chunks);
    }

    /// <summary>The same for callers that go through the sequences themselves, in blocks of so many rows at least.</summary>
    public static Conv1DSlideJob<TSimd, TVector> Flipped(Scratch panels, in Conv1DGeometry g, float* kernel, bool accumulate, int leastRows, bool merges)
    {
        var job = Prepare(g, leastRows, packs: true, merges);
        job.P.Accumulate = accumulate;
        nint tap = (nint)g.InputWidth * g.OutputWidth;
        Pack(ref job, panels, kernel + ((g.Taps - 1) * tap), -tap, 1, g.InputWidth);
        job.RunsOver = job.MayRunOver;
        return job;
    }

    private static Conv1DSlideJob<TSimd, TVector> Prepare(Conv1DGeometry g, int leastRows, bool packs, bool merges)
    {
        int restColumns = packs ? Conv1DRest<TSimd, TVector>.ColumnsOf(g) : 0;
        var job = new Conv1DSlideJob<TSimd, TVector>();
        job.Merged.Rows = merges ? Conv1DMergedRows<TSimd, TVector>.Of(g, restColumns) : 0;
        if (job.Merged.Rows > 0)
        {
            job.Merged.Left = g.OutputRows % job.Merged.Rows;
            job.Merged.Alone = g;
            g = Conv1DMergedRows<TSimd, TVector>.Merged(g, job.Merged.Rows);
            restColumns = 0;
        }
        job.Geometry = g;
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
        if (job.Merged.Rows > 0)
        {
            job.Panels = job.Merged.Pack(memory, g.Terms, kernel, tapStride, rowStride, columnStride);
            return;
        }
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

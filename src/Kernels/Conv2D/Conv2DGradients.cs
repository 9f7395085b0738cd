namespace FlatFuse.Kernels;

/// <summary>Both gradients of a two-dimensional convolution as products over overlapping rows.</summary>
internal static unsafe class Conv2DGradients<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>At strides of 1 dx is dy slid over by the flipped kernel. At larger ones each tap adds its product to every stride-th entry of dx.</summary>
    public static void Input(Workers w, in Conv2DShape s, float* dy, float* kernel, float* dx, bool accumulate)
    {
        if (s.Rows.Stride == 1 && s.Columns.Stride == 1)
        {
            Conv2DSlide<TSimd, TVector>.Flipped(w, s.Flipped, dy, kernel, dx, accumulate);
            return;
        }
        var job = new Conv2DScatterJob<TSimd, TVector> { Shape = s, DY = dy, DX = dx, Accumulate = accumulate };
        job.Plan = new GemmPlan(s.Columns.OutputLength, s.Channels, s.Filters, transposedB: false, TSimd.Count, TSimd.Registers, products: (long)s.Batch * s.Rows.OutputLength * s.Taps);
        job.TapLength = checked((s.Channels + job.Plan.PanelColumns - 1) / job.Plan.PanelColumns * job.Plan.PanelColumns * s.Filters);
        job.Kernels = w.Shared.Rent(checked(job.TapLength * s.Taps));
        for (int tap = 0; tap < s.Taps; tap++)
        {
            for (int c = 0; c < s.Channels; c += job.Plan.PanelColumns)
            {
                GemmPacking<TSimd, TVector>.Panel(
                    kernel + ((((nint)tap * s.Channels) + c) * s.Filters), 1, s.Filters, s.Filters, Math.Min(job.Plan.PanelColumns, s.Channels - c),
                    job.Kernels + ((nint)tap * job.TapLength) + ((nint)c * s.Filters));
            }
        }
        long itemWork = (long)s.Rows.OutputLength * s.Columns.OutputLength * s.KernelElements;
        job.ItemsPerChunk = (int)Math.Clamp(GemmPlan.ChunkWork / Math.Max(1, itemWork), 1, s.Batch);
        w.Run(ref job, (s.Batch + job.ItemsPerChunk - 1) / job.ItemsPerChunk);
    }

    /// <summary>
    /// Rows of dkernel are shared out; each chunk adds images and their rows in order, so the sum's order is fixed. Where no window reads beyond
    /// the columns and none is dilated, a row of the kernel is one matrix [KW · C, F]; else each tap is a product over the columns whose entry exists.
    /// </summary>
    public static void Weight(Workers w, in Conv2DShape s, float* x, float* dy, float* dkernel, bool accumulate)
    {
        bool merged = s.Columns.Dilation == 1 && s.Columns.IsInside;
        var job = new Conv2DWeightJob<TSimd, TVector> { Shape = s, X = x, DY = dy, DKernel = dkernel, Accumulate = accumulate, Merged = merged };
        int groups = merged ? s.Rows.WindowSize : s.Taps;
        job.GroupRows = merged ? s.Columns.WindowSize * s.Channels : s.Channels;
        job.Plan = new GemmPlan(job.GroupRows, s.Filters, s.Columns.OutputLength, transposedB: false, TSimd.Count, TSimd.Registers, products: (long)s.Batch * s.Rows.OutputLength);
        long work = s.KernelElements * s.Rows.OutputLength * s.Columns.OutputLength * s.Batch;
        int tiles = (job.GroupRows + job.Plan.TileRows - 1) / job.Plan.TileRows;
        int chunks = (int)Math.Clamp(work / GemmPlan.ChunkWork / groups, 1, Math.Max(1, tiles / 2));
        job.ChunkRows = (tiles + chunks - 1) / chunks * job.Plan.TileRows;
        job.ChunksPerGroup = (job.GroupRows + job.ChunkRows - 1) / job.ChunkRows;
        w.Run(ref job, groups * job.ChunksPerGroup);
    }
}

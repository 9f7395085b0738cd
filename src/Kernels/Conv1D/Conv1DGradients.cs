using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Both gradients of a convolution as products over overlapping rows.</summary>
internal static unsafe class Conv1DGradients<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    // Even for two threads, enough for eight.
    private const int BatchParts = 8;

    // 128 KB: a part's sums stay in L2 beside the sequences that pass by.
    private const int MostPartSums = 1 << 15;

    // Rows of a sequence: what a part writes and the end adds is a hundredth of its products.
    private const int LeastPartRows = 16;

    /// <summary>At stride 1 dx is dy slid over by the flipped kernel. At a larger stride each tap adds its product to every stride-th row of dx.</summary>
    public static void Input(Workers w, in Conv1DShape s, float* dy, float* kernel, float* dx, bool accumulate)
    {
        if (s.Stride == 1)
        {
            Conv1DSlide<TSimd, TVector>.Flipped(w, Conv1DGeometry.OfInputGradient(s), dy, kernel, dx, accumulate);
            return;
        }
        var job = new Conv1DScatterJob<TSimd, TVector> { Shape = s, DY = dy, DX = dx, Accumulate = accumulate };
        job.Plan = new GemmPlan(s.OutputLength, s.Channels, s.Filters, transposedB: false, TSimd.Count, TSimd.Registers);
        job.TapLength = checked((s.Channels + job.Plan.PanelColumns - 1) / job.Plan.PanelColumns * job.Plan.PanelColumns * s.Filters);
        job.Kernels = w.Shared.Rent(checked(job.TapLength * s.KernelSize));
        for (int tap = 0; tap < s.KernelSize; tap++)
        {
            for (int c = 0; c < s.Channels; c += job.Plan.PanelColumns)
            {
                GemmPacking<TSimd, TVector>.Panel(
                    kernel + ((((nint)tap * s.Channels) + c) * s.Filters), 1, s.Filters, s.Filters, Math.Min(job.Plan.PanelColumns, s.Channels - c),
                    job.Kernels + ((nint)tap * job.TapLength) + ((nint)c * s.Filters));
            }
        }
        long itemWork = (long)s.OutputLength * s.KernelSize * s.Channels * s.Filters;
        job.ItemsPerChunk = (int)Math.Clamp(GemmPlan.ChunkWork / Math.Max(1, itemWork), 1, s.Batch);
        w.Run(ref job, (s.Batch + job.ItemsPerChunk - 1) / job.ItemsPerChunk);
    }

    /// <summary>
    /// Parts of the batch sum their sequences in order, each into memory of its own, and are added in order: x and dy pass once, through the caches of the
    /// thread that made them. A large kernel would not lie in those caches, nor would few sequences occupy the threads: then rows of dkernel are shared out.
    /// Without padding and dilation the taps are rows of one matrix, [taps · C, F]; else each tap is a product over the output rows whose input row
    /// exists, and no zero is multiplied.
    /// </summary>
    public static void Weight(Workers w, in Conv1DShape s, float* x, float* dy, float* dkernel, bool accumulate)
    {
        bool merged = s.Dilation == 1 && s.PaddingBefore == 0 && ((s.OutputLength - 1) * (long)s.Stride) + s.Span <= s.Length;
        var job = new Conv1DWeightJob<TSimd, TVector> { Shape = s, X = x, DY = dy, DKernel = dkernel, Accumulate = accumulate };
        job.Groups = merged ? 1 : s.KernelSize;
        job.GroupRows = merged ? s.KernelSize * s.Channels : s.Channels;
        job.Plan = new GemmPlan(job.GroupRows, s.Filters, s.OutputLength, transposedB: false, TSimd.Count, TSimd.Registers);
        long work = (long)s.KernelElements * s.OutputLength * s.Batch;
        bool inParts = s.Batch >= BatchParts && s.KernelElements <= MostPartSums && s.OutputLength >= LeastPartRows && work >= GemmPlan.SharedWork;
        job.Items = inParts ? (s.Batch + BatchParts - 1) / BatchParts : Math.Max(1, s.Batch);
        int parts = inParts ? (s.Batch + job.Items - 1) / job.Items : 1;
        int tiles = (job.GroupRows + job.Plan.TileRows - 1) / job.Plan.TileRows;
        int chunks = inParts ? 1 : (int)Math.Clamp(work / GemmPlan.ChunkWork / job.Groups, 1, Math.Max(1, tiles / 2));
        job.ChunkRows = (tiles + chunks - 1) / chunks * job.Plan.TileRows;
        job.ChunksPerGroup = (job.GroupRows + job.ChunkRows - 1) / job.ChunkRows;
        if (inParts)
        {
            job.DKernel = w.Shared.Rent(parts * (int)s.KernelElements);
            job.Accumulate = false;
        }
        w.Run(ref job, parts * job.Groups * job.ChunksPerGroup);
        if (inParts)
        {
            var sum = new GemmProblem { M = s.KernelSize * s.Channels, N = s.Filters, K = 1, C = dkernel, RowStrideC = s.Filters, Accumulate = accumulate };
            GemmSegmentSumJob<TSimd, TVector>.Run(w, sum, parts, job.DKernel, s.Filters);
        }
    }
}

/// <summary>The input gradient at strides above 1, chunks of sequences.</summary>
internal unsafe struct Conv1DScatterJob<TSimd, TVector> : IChunkJob<Conv1DScatterJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public Conv1DShape Shape;
    public GemmPlan Plan;
    public float* DY;
    public float* DX;

    /// <summary>Each tap's [F, C] in panels.</summary>
    public float* Kernels;

    public int TapLength, ItemsPerChunk;
    public bool Accumulate;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Execute(ref Conv1DScatterJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        Conv1DShape s = job.Shape;
        float* memory = scratch.Rent(GemmBlock<TSimd, TVector>.ScratchLength(job.Plan));
        int last = Math.Min(s.Batch, (chunk + 1) * job.ItemsPerChunk);
        for (int item = chunk * job.ItemsPerChunk; item < last; item++)
        {
            float* dx = job.DX + ((nint)item * s.Length * s.Channels);
            if (!job.Accumulate)
                new Span<float>(dx, s.Length * s.Channels).Clear();
            for (int tap = 0; tap < s.KernelSize; tap++)
            {
                (int from, int to) = s.OutputRowsOfTap(tap);
                if (from >= to)
                    continue;
                var p = new GemmProblem
                {
                    M = to - from,
                    N = s.Channels,
                    K = s.Filters,
                    A = job.DY + ((((nint)item * s.OutputLength) + from) * s.Filters),
                    RowStrideA = s.Filters,
                    ColumnStrideA = 1,
                    C = dx + ((((nint)from * s.Stride) + ((nint)tap * s.Dilation) - s.PaddingBefore) * s.Channels),
                    RowStrideC = (nint)s.Stride * s.Channels,
                    Accumulate = true,
                };
                var panels = new GemmPanels { Packed = job.Kernels + ((nint)tap * job.TapLength), PackedPanel = (nint)job.Plan.PanelColumns * s.Filters };
                GemmBlock<TSimd, TVector>.Run(p, job.Plan, panels, 0, 0, p.M, 0, p.N, 0, p.K, memory);
            }
        }
    }
}

/// <summary>The weight gradient, chunks of rows of dkernel.</summary>
internal unsafe struct Conv1DWeightJob<TSimd, TVector> : IChunkJob<Conv1DWeightJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public Conv1DShape Shape;
    public GemmPlan Plan;
    public float* X;
    public float* DY;
    public float* DKernel;

    /// <summary>Taps with a product of their own, or 1 for all in one.</summary>
    public int Groups;

    public int GroupRows, ChunkRows, ChunksPerGroup;

    /// <summary>Sequences of a part; each part has a dkernel of its own.</summary>
    public int Items;

    public bool Accumulate;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Execute(ref Conv1DWeightJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        Conv1DShape s = job.Shape;
        int part = chunk / (job.ChunksPerGroup * job.Groups);
        int tap = chunk / job.ChunksPerGroup % job.Groups;
        int row = chunk % job.ChunksPerGroup * job.ChunkRows;
        int rows = Math.Min(job.ChunkRows, job.GroupRows - row);
        float* dkernel = job.DKernel + (part * (nint)s.KernelElements) + ((((nint)tap * job.GroupRows) + row) * s.Filters);
        (int from, int to) = job.Groups == 1 && s.KernelSize != 1 ? (0, s.OutputLength) : s.OutputRowsOfTap(tap);
        if (s.Batch == 0 || from >= to)
        {
            if (!job.Accumulate)
                new Span<float>(dkernel, rows * s.Filters).Clear();
            return;
        }
        int whole = s.Filters / job.Plan.PanelColumns;
        int edge = s.Filters - (whole * job.Plan.PanelColumns);
        bool copyEdge = edge % TSimd.Count != 0;
        int edgeWidth = (edge + TSimd.Count - 1) / TSimd.Count * TSimd.Count;
        int gemm = AlignedBuffer.RoundUp(GemmBlock<TSimd, TVector>.ScratchLength(job.Plan));
        float* memory = scratch.Rent(checked(gemm + (copyEdge ? edgeWidth * (to - from) : 0)));
        var p = new GemmProblem
        {
            M = rows,
            N = s.Filters,
            K = to - from,
            RowStrideA = 1,
            ColumnStrideA = (nint)s.Stride * s.Channels,
            RowStrideB = s.Filters,
            ColumnStrideB = 1,
            C = dkernel,
            RowStrideC = s.Filters,
            Accumulate = job.Accumulate,
        };
        int end = Math.Min(s.Batch, (part + 1) * job.Items);
        for (int item = part * job.Items; item < end; item++)
        {
            nint step = ((nint)from * s.Stride) + ((nint)tap * s.Dilation) - s.PaddingBefore;
            p.A = job.X + ((((nint)item * s.Length) + step) * s.Channels) + row;
            p.B = job.DY + ((((nint)item * s.OutputLength) + from) * s.Filters);
            var panels = new GemmPanels { Direct = p.B, DirectStride = s.Filters, FirstPacked = int.MaxValue };
            if (copyEdge)
            {
                panels.FirstPacked = whole;
                panels.Packed = memory + gemm;
                GemmPacking<TSimd, TVector>.Panel(p.B + ((nint)whole * job.Plan.PanelColumns), s.Filters, 1, p.K, edge, panels.Packed);
            }
            GemmBlock<TSimd, TVector>.Run(p, job.Plan, panels, 0, 0, rows, 0, p.N, 0, p.K, memory);
            p.Accumulate = true;
        }
    }
}

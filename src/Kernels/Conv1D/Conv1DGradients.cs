using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Both gradients of a convolution as products over overlapping rows.</summary>
internal static unsafe class Conv1DGradients<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>At stride 1 dx is dy slid over by the flipped kernel. At a larger stride each tap adds its product to every stride-th row of dx.</summary>
    public static void Input(Workers w, in Conv1DShape s, float* dy, float* kernel, float* dx, bool accumulate)
    {
        if (s.Stride == 1)
        {
            Conv1DSlide<TSimd, TVector>.Flipped(w, Conv1DGeometry.OfInputGradient(s), dy, kernel, dx, accumulate);
            return;
        }
        var job = new Conv1DScatterJob<TSimd, TVector> { Shape = s, DY = dy, DX = dx, Accumulate = accumulate };
        job.Plan = new GemmPlan(s.OutputLength, s.Channels, s.Filters, transposedB: false, TSimd.Count, TSimd.Registers, products: (long)s.Batch * s.KernelSize);
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
    /// In parts of the batch where <see cref="Conv1DOnePass{TSimd, TVector}"/> fits. A large kernel does not, nor do few sequences: then rows of dkernel are shared
    /// out, and each chunk adds the sequences in order.
    /// </summary>
    public static void Weight(Workers w, in Conv1DShape s, float* x, float* dy, float* dkernel, bool accumulate)
    {
        if (Conv1DOnePass<TSimd, TVector>.Fits(s))
        {
            Conv1DOnePass<TSimd, TVector>.Run(w, s, new Conv1DPass { X = x, DY = dy, DKernel = dkernel, AddDKernel = accumulate });
            return;
        }
        var job = Conv1DWeightJob<TSimd, TVector>.Of(s);
        job.X = x;
        job.DY = dy;
        job.DKernel = dkernel;
        job.Accumulate = accumulate;
        long work = (long)s.KernelElements * s.OutputLength * s.Batch;
        int tiles = (job.GroupRows + job.Plan.TileRows - 1) / job.Plan.TileRows;
        int chunks = (int)Math.Clamp(work / GemmPlan.ChunkWork / job.Groups, 1, Math.Max(1, tiles / 2));
        job.ChunkRows = (tiles + chunks - 1) / chunks * job.Plan.TileRows;
        job.ChunksPerGroup = (job.GroupRows + job.ChunkRows - 1) / job.ChunkRows;
        w.Run(ref job, job.Groups * job.ChunksPerGroup);
    }

    /// <summary>All gradients, the activation's first. In one pass over the batch where that fits, else one after the other.</summary>
    public static void All(Workers w, in Conv1DShape s, in Conv1DPass pass)
    {
        if (Conv1DOnePass<TSimd, TVector>.Fits(s) && (pass.DX == null || s.Stride == 1))
        {
            Conv1DOnePass<TSimd, TVector>.Run(w, s, pass);
            return;
        }
        float* dz = pass.DY;
        if (pass.Activation != ActivationKind.Linear)
        {
            int length = checked((int)s.OutputElements);
            dz = w.Held.Rent(length);
            ActivationGradients<TSimd, TVector>.Run(w, pass.Activation, pass.Z, pass.Y, pass.DY, dz, length, accumulate: false);
        }
        if (pass.DX != null && s.InputElements > 0)
            Input(w, s, dz, pass.Kernel, pass.DX, pass.AddDX);
        if (pass.DKernel != null)
            Weight(w, s, pass.X, dz, pass.DKernel, pass.AddDKernel);
        if (pass.DBias != null)
            RowSums<TSimd, TVector>.Run(w, s.Batch * s.OutputLength, s.Filters, dz, pass.DBias, pass.AddDBias);
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

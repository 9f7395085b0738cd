using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// The weight gradient, chunks of rows of dkernel. Without padding and dilation the taps are rows of one matrix, [taps · C, F]; else each tap is a product over
/// the output rows whose input row exists, and no zero is multiplied.
/// </summary>
internal unsafe struct Conv1DWeightJob<TSimd, TVector> : IChunkJob<Conv1DWeightJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public Conv1DShape Shape;
    public GemmPlan Plan;
    public float* X;
    public float* DY;
    public float* DKernel;

    /// <summary>Taps with a product of their own, or 1 for all in one.</summary>
    public int Groups;

    public int GroupRows, ChunkRows, ChunksPerGroup;
    public bool Accumulate;

    /// <summary>The products of a shape, all rows of a group in one chunk.</summary>
    public static Conv1DWeightJob<TSimd, TVector> Of(in Conv1DShape s)
    {
        bool merged = s.Dilation == 1 && s.PaddingBefore == 0 && ((s.OutputLength - 1) * (long)s.Stride) + s.Span <= s.Length;
        var job = new Conv1DWeightJob<TSimd, TVector> { Shape = s, Groups = merged ? 1 : s.KernelSize, ChunksPerGroup = 1 };
        job.GroupRows = job.ChunkRows = merged ? s.KernelSize * s.Channels : s.Channels;
        job.Plan = new GemmPlan(job.GroupRows, s.Filters, s.OutputLength, transposedB: false, TSimd.Count, TSimd.Registers, products: s.Batch);
        return job;
    }

    /// <summary>Floats of working memory: the tiles' and a copy of dy's last columns where they are no whole vector.</summary>
    public readonly int ScratchLength
        => checked(AlignedBuffer.RoundUp(GemmBlock<TSimd, TVector>.ScratchLength(Plan)) + (EdgeWidth * Shape.OutputLength));

    private readonly int Edge => Shape.Filters % Plan.PanelColumns;

    private readonly int EdgeWidth => Edge % TSimd.Count == 0 ? 0 : (Edge + TSimd.Count - 1) / TSimd.Count * TSimd.Count;

    public static void Execute(ref Conv1DWeightJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int row = chunk % job.ChunksPerGroup * job.ChunkRows;
        Sum(job, chunk / job.ChunksPerGroup, row, job.Shape.Batch, job.X, job.DY, job.DKernel, job.Accumulate, scratch.Rent(job.ScratchLength));
    }

    /// <summary>Adds <paramref name="items"/> sequences, in order, to the rows from <paramref name="row"/> on of a group.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum(in Conv1DWeightJob<TSimd, TVector> job, int tap, int row, int items, float* x, float* dy, float* dkernel, bool accumulate, float* memory)
    {
        Conv1DShape s = job.Shape;
        int rows = Math.Min(job.ChunkRows, job.GroupRows - row);
        dkernel += (((nint)tap * job.GroupRows) + row) * s.Filters;
        (int from, int to) = job.Groups == 1 && s.KernelSize != 1 ? (0, s.OutputLength) : s.OutputRowsOfTap(tap);
        if (items == 0 || from >= to)
        {
            if (!accumulate)
                new Span<float>(dkernel, rows * s.Filters).Clear();
            return;
        }
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
            Accumulate = accumulate,
        };
        int whole = s.Filters / job.Plan.PanelColumns;
        bool copiesEdge = job.EdgeWidth != 0;
        float* edge = memory + AlignedBuffer.RoundUp(GemmBlock<TSimd, TVector>.ScratchLength(job.Plan));
        nint step = ((nint)from * s.Stride) + ((nint)tap * s.Dilation) - s.PaddingBefore;
        for (int item = 0; item < items; item++)
        {
            p.A = x + ((((nint)item * s.Length) + step) * s.Channels) + row;
            p.B = dy + ((((nint)item * s.OutputLength) + from) * s.Filters);
            var panels = new GemmPanels { Direct = p.B, DirectStride = s.Filters, FirstPacked = int.MaxValue };
            if (copiesEdge)
            {
                panels.FirstPacked = whole;
                panels.Packed = edge;
                GemmPacking<TSimd, TVector>.Panel(p.B + ((nint)whole * job.Plan.PanelColumns), s.Filters, 1, p.K, job.Edge, panels.Packed);
            }
            GemmBlock<TSimd, TVector>.Run(p, job.Plan, panels, 0, 0, rows, 0, p.N, 0, p.K, memory);
            p.Accumulate = true;
        }
    }
}

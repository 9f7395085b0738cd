using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>The weight gradient, chunks of rows of dkernel.</summary>
internal unsafe struct Conv2DWeightJob<TSimd, TVector> : IChunkJob<Conv2DWeightJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public Conv2DShape Shape;
    public GemmPlan Plan;
    public float* X;
    public float* DY;
    public float* DKernel;
    public int GroupRows, ChunkRows, ChunksPerGroup;
    public bool Accumulate;

    /// <summary>True when the taps of a kernel row are one product.</summary>
    public bool Merged;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Execute(ref Conv2DWeightJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        Conv2DShape s = job.Shape;
        int group = chunk / job.ChunksPerGroup;
        int first = chunk % job.ChunksPerGroup * job.ChunkRows;
        int rows = Math.Min(job.ChunkRows, job.GroupRows - first);
        float* dkernel = job.DKernel + ((((nint)group * job.GroupRows) + first) * s.Filters);
        int a = job.Merged ? group : group / s.Columns.WindowSize;
        int b = job.Merged ? 0 : group % s.Columns.WindowSize;
        (int top, int bottom) = s.Rows.WindowsOfTap(a);
        (int from, int to) = job.Merged ? (0, s.Columns.OutputLength) : s.Columns.WindowsOfTap(b);
        if (s.Batch == 0 || top >= bottom || from >= to)
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
            ColumnStrideA = (nint)s.Columns.Stride * s.Channels,
            RowStrideB = s.Filters,
            ColumnStrideB = 1,
            C = dkernel,
            RowStrideC = s.Filters,
            Accumulate = job.Accumulate,
        };
        int column = (from * s.Columns.Stride) + (b * s.Columns.Dilation) - s.Columns.PaddingBefore;
        for (int item = 0; item < s.Batch; item++)
        {
            for (int i = top; i < bottom; i++)
            {
                int row = (i * s.Rows.Stride) + (a * s.Rows.Dilation) - s.Rows.PaddingBefore;
                p.A = job.X + ((((((nint)item * s.Rows.Length) + row) * s.Columns.Length) + column) * s.Channels) + first;
                p.B = job.DY + ((((((nint)item * s.Rows.OutputLength) + i) * s.Columns.OutputLength) + from) * s.Filters);
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
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>The input gradient at strides above 1, chunks of images, or of sequences as images of one row.</summary>
internal unsafe struct Conv2DScatterJob<TSimd, TVector> : IChunkJob<Conv2DScatterJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public Conv2DShape Shape;
    public GemmPlan Plan;
    public float* DY;
    public float* DX;

    /// <summary>Each tap's [F, C] in panels.</summary>
    public float* Kernels;

    public int TapLength, ItemsPerChunk;
    public bool Accumulate;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Execute(ref Conv2DScatterJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        Conv2DShape s = job.Shape;
        float* memory = scratch.Rent(GemmBlock<TSimd, TVector>.ScratchLength(job.Plan));
        nint image = (nint)s.Rows.Length * s.Columns.Length * s.Channels;
        int last = Math.Min(s.Batch, (chunk + 1) * job.ItemsPerChunk);
        for (int item = chunk * job.ItemsPerChunk; item < last; item++)
        {
            float* dx = job.DX + (item * image);
            if (!job.Accumulate)
                new Span<float>(dx, checked((int)image)).Clear();
            for (int i = 0; i < s.Rows.OutputLength; i++)
            {
                for (int tap = 0; tap < s.Taps; tap++)
                {
                    int row = (i * s.Rows.Stride) + (tap / s.Columns.WindowSize * s.Rows.Dilation) - s.Rows.PaddingBefore;
                    int b = tap % s.Columns.WindowSize;
                    (int from, int to) = s.Columns.WindowsOfTap(b);
                    if (row < 0 || row >= s.Rows.Length || from >= to)
                        continue;
                    int column = (from * s.Columns.Stride) + (b * s.Columns.Dilation) - s.Columns.PaddingBefore;
                    var p = new GemmProblem
                    {
                        M = to - from,
                        N = s.Channels,
                        K = s.Filters,
                        A = job.DY + ((((((nint)item * s.Rows.OutputLength) + i) * s.Columns.OutputLength) + from) * s.Filters),
                        RowStrideA = s.Filters,
                        ColumnStrideA = 1,
                        C = dx + ((((nint)row * s.Columns.Length) + column) * s.Channels),
                        RowStrideC = (nint)s.Columns.Stride * s.Channels,
                        Accumulate = true,
                    };
                    var panels = new GemmPanels { Packed = job.Kernels + ((nint)tap * job.TapLength), PackedPanel = (nint)job.Plan.PanelColumns * s.Filters };
                    GemmBlock<TSimd, TVector>.Run(p, job.Plan, panels, 0, 0, p.M, 0, p.N, 0, p.K, memory);
                }
            }
        }
    }
}

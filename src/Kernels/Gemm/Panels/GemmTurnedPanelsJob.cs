using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Chunks of rows of C by threads that have turned all of a transposed B, each for itself: nobody waits until it is turned, and none reads what the other core has just written.</summary>
/// <remarks>Two threads: (256, 48) · (320, 48)ᵀ takes 0.7 of the time of a B that they turn together and share, (256, 200) · (128, 200)ᵀ 0.75. One thread turns as much either way.</remarks>
internal unsafe struct GemmTurnedPanelsJob<TSimd, TVector> : IChunkJob<GemmTurnedPanelsJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public GemmProblem P;
    public GemmPlan Plan;

    /// <summary>Of the panels that each thread keeps for its next chunk.</summary>
    public long Key;

    [SkipLocalsInit]
    public static void Execute(ref GemmTurnedPanelsJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int width = job.Plan.PanelColumns;
        int row = chunk * job.Plan.ChunkRows;
        int rowEnd = Math.Min(job.P.M, row + job.Plan.ChunkRows);
        int own = AlignedBuffer.RoundUp(GemmBlock<TSimd, TVector>.ScratchLength(job.Plan));
        float* memory = scratch.Kept(job.Key);
        bool turned = memory != null;
        if (!turned)
            memory = scratch.Rent(checked(own + ((job.P.N + width - 1) / width * width * job.P.K)));
        var panels = new GemmPanels { Packed = memory + own, PackedPanel = (nint)width * job.P.K };
        if (!turned)
        {
            for (int n = 0; n < job.P.N; n += width)
            {
                GemmPacking<TSimd, TVector>.Panel(
                    job.P.B + (n * job.P.ColumnStrideB), job.P.RowStrideB, job.P.ColumnStrideB, job.P.K, Math.Min(width, job.P.N - n), panels.Packed + ((nint)n * job.P.K));
            }
            scratch.Keep(job.Key);
        }
        GemmBlock<TSimd, TVector>.Run(job.P, job.Plan, panels, 0, row, rowEnd, 0, job.P.N, 0, job.P.K, memory);
    }
}

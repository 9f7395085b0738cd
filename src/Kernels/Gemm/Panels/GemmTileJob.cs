using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Chunks of C: rows and columns by the plan.</summary>
internal struct GemmTileJob<TSimd, TVector> : IChunkJob<GemmTileJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public GemmProblem P;
    public GemmPlan Plan;
    public GemmPanels Panels;
    public int Column, ColumnEnd, K, KEnd;

    [SkipLocalsInit]
    public static unsafe void Execute(ref GemmTileJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        (int rowChunk, int columnChunk) = job.Plan.ChunkAt(chunk);
        int row = rowChunk * job.Plan.ChunkRows;
        int column = job.Column + (columnChunk * job.Plan.ChunkColumns);
        GemmPanels panels = job.Panels;
        if (panels.PackedA != null)
            panels.PackedA += rowChunk * job.Plan.ChunkTiles * panels.PackedTile;
        int rowEnd = Math.Min(job.P.M, row + job.Plan.ChunkRows);
        int columnEnd = Math.Min(job.ColumnEnd, column + job.Plan.ChunkColumns);
        GemmBlock<TSimd, TVector>.Run(
            job.P, job.Plan, panels, job.Column, row, rowEnd, column, columnEnd,
            job.K, job.KEnd, scratch.Rent(GemmBlock<TSimd, TVector>.ScratchLength(job.Plan)));
        if (job.P.Behind > 0 && columnEnd == job.P.N)
            GemmColumnsBehind<TSimd, TVector>.Run(job.P, row, rowEnd, scratch);
    }
}

namespace FlatFuse.Kernels;

/// <summary>Chunks of columns, each by <see cref="GemmOwnPanels{TSimd, TVector}"/>: few rows and a B beyond L2, of which each thread reads its own part once.</summary>
/// <remarks>K is cut into the same blocks however the columns are, so one thread takes them all in one go: it fetches ahead without a break, and lays A down once.</remarks>
internal unsafe struct GemmColumnsJob<TSimd, TVector> : IChunkJob<GemmColumnsJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private GemmProblem _p;
    private GemmPlan _plan;
    private int _chunks;

    /// <summary>Computes all of C.</summary>
    public static void Run(Workers w, in GemmProblem p, in GemmPlan plan)
    {
        var job = new GemmColumnsJob<TSimd, TVector> { _p = p, _plan = plan, _chunks = w.Threads == 1 ? 1 : plan.ColumnChunks };
        w.Run(ref job, job._chunks);
    }

    public static void Execute(ref GemmColumnsJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int column = job.Begin(chunk);
        GemmProblem part = job._p;
        part.N = Math.Min(part.N, job.Begin(chunk + 1)) - column;
        part.B += column;
        part.C += column;
        part.Bias = part.Bias == null ? null : part.Bias + column;
        GemmOwnPanels<TSimd, TVector>.Run(part, job._plan, 0, part.M, scratch);
        if (job._p.Behind > 0 && chunk == job._chunks - 1)
            GemmColumnsBehind<TSimd, TVector>.Run(job._p, 0, part.M, scratch);
    }

    // Panels cut evenly: chunks differ by one at most.
    private readonly int Begin(int chunk)
    {
        int panels = (_p.N + _plan.PanelColumns - 1) / _plan.PanelColumns;
        return (int)((long)panels * chunk / _chunks) * _plan.PanelColumns;
    }
}

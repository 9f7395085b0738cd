using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// Products that read B in place although its rows begin inside cache lines: slices, and rows of a length that is no whole number of vectors. A panel's lines are then
/// a third more, and nearly each load takes two of them; so a panel's first tile lays it down on its way and the others read the copy from L1.
/// </summary>
/// <remarks>
/// (32, 128) · (128, 512): 1.14 times the time of whole lines in place, 1.08 so; a copy before the tiles pass costs as much as it saves. Where an operand begins must change no bit, so K is one block here as it
/// is in place.
/// </remarks>
internal static unsafe class GemmSliced<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // 48 KB: a smaller B lies in L1 as it is, where a load across lines costs little.
    private const int SmallB = 12288;

    // So long a sum is one block in place whatever the other sizes, and a panel of three vectors fills no more than L1.
    private const int MostTerms = 255;

    // Three tiles: of two the copy is read once, and it costs more than that saves (18 rows: 0.95).
    private const int LeastRows = 19;

    /// <summary>True where panels are laid down in passing. Several threads keep to the other ways where rows of C, too, are no whole vectors: beside those this lost up to a tenth.</summary>
    public static bool Fits(Workers w, in GemmProblem p)
    {
        bool begins = p.RowStrideB % TSimd.Count != 0 || (nuint)p.B % (nuint)(TSimd.Count * sizeof(float)) != 0;
        if (!begins || TSimd.Registers < 32 || p.ColumnStrideB != 1 || p.N <= 6 * TSimd.Count || p.K > MostTerms || (long)p.N * p.K < SmallB || p.M < LeastRows || p.M >= GemmPlan.PackingRows)
            return false;
        bool whole = p.N % TSimd.Count == 0;
        return ((whole && p.Behind == 0) || w.Threads == 1) && (whole || (!p.Accumulate && !p.NeedsActivationPass));
    }

    [SkipLocalsInit]
    public static void Run(Workers w, in GemmProblem p)
    {
        var plan = new GemmPlan(p.M, p.N, p.K, transposedB: false, TSimd.Count, TSimd.Registers, p.ColumnStrideA != 1);
        bool alone = w.Threads == 1 || plan.RowChunks * plan.ColumnChunks == 1;
        // Each chunk of rows lays down panels of its own: few of them, and one where columns make chunks enough.
        int parts = plan.ColumnChunks >= 4 ? 1 : Math.Min(plan.RowChunks, plan.ColumnChunks == 1 ? 4 : 2);
        int tiles = (p.M + plan.TileRows - 1) / plan.TileRows;
        var job = new GemmSlicedJob<TSimd, TVector>
        {
            P = p,
            Plan = plan,
            ChunkRows = alone ? p.M : (tiles + parts - 1) / parts * plan.TileRows,
            ChunkColumns = alone ? p.N : plan.ChunkColumns,
        };
        w.Run(ref job, (p.M + job.ChunkRows - 1) / job.ChunkRows * job.ColumnChunks);
    }
}

/// <summary>Rows and columns of C, panel after panel.</summary>
internal unsafe struct GemmSlicedJob<TSimd, TVector> : IChunkJob<GemmSlicedJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public GemmProblem P;
    public GemmPlan Plan;

    public int ChunkRows, ChunkColumns;

    public readonly int ColumnChunks => (P.N + ChunkColumns - 1) / ChunkColumns;

    public static void Execute(ref GemmSlicedJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int row = chunk / job.ColumnChunks * job.ChunkRows;
        int rowEnd = Math.Min(job.P.M, row + job.ChunkRows);
        int column = chunk % job.ColumnChunks * job.ChunkColumns;
        GemmProblem part = job.P;
        part.N = Math.Min(job.ChunkColumns, job.P.N - column);
        part.B += column;
        part.C += column;
        part.Bias = part.Bias == null ? null : part.Bias + column;
        GemmOwnPanels<TSimd, TVector>.Run(part, job.Plan, row, rowEnd, scratch);
        if (job.P.Behind > 0 && column + part.N == job.P.N)
            GemmColumnsBehind<TSimd, TVector>.Run(job.P, row, rowEnd, scratch);
    }
}

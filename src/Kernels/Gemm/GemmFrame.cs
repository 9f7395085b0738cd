using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Chooses a path for a product from its shape, prepares B, and hands chunks of C to the threads.</summary>
internal static unsafe class GemmFrame<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public static void Multiply(Workers w, in GemmProblem product)
    {
        GemmProblem p = product;
        if (p.M == 0 || p.N == 0)
            return;
        if (p.K <= 1)
        {
            // Strides along a K of one element mean nothing: let them say "contiguous".
            p.ColumnStrideA = 1;
            if (p.ColumnStrideB == 1)
                p.RowStrideB = p.N;
        }
        if (p.K == 0)
        {
            GemmWithoutTerms.Run(p);
            return;
        }
        if (p.M == 1 && p.ColumnStrideB == 1)
            Rows(w, p);
        else if (p.N == 1 && p.RowStrideA == 1 && p.M > 1 && p.RowStrideC == 1 && p.Bias == null)
            Rows(w, Mirrored(p));
        else if (p.N == 1 && p.ColumnStrideA == 1)
            Dots(w, p, biasStep: 0);
        else if (p.M == 1 && p.RowStrideB == 1)
            Dots(w, Mirrored(p), biasStep: 1);
        else
            Tiles(w, p);
    }

    /// <summary>Cᵀ = Bᵀ Aᵀ. The bias then runs along the rows.</summary>
    private static GemmProblem Mirrored(in GemmProblem p) => p with
    {
        M = p.N,
        N = p.M,
        A = p.B,
        RowStrideA = p.ColumnStrideB,
        ColumnStrideA = p.RowStrideB,
        B = p.A,
        RowStrideB = p.ColumnStrideA,
        ColumnStrideB = p.RowStrideA,
        RowStrideC = 1,
    };

    private static void Rows(Workers w, in GemmProblem p)
    {
        int unit = 8 * TSimd.Count;
        long columns = ((GemmPlan.ChunkWork / p.K) + unit) / unit * unit;
        var job = new GemvRowsJob<TSimd, TVector> { P = p, ChunkColumns = (int)Math.Min(columns, p.N) };
        w.Run(ref job, (int)(((long)p.N + job.ChunkColumns - 1) / job.ChunkColumns));
    }

    private static void Dots(Workers w, in GemmProblem p, int biasStep)
    {
        var job = new GemvDotsJob<TSimd, TVector> { P = p, X = p.B, BiasStep = biasStep };
        if (p.RowStrideB != 1 && p.K > 1)
        {
            job.X = w.Shared.Rent(p.K);
            for (int k = 0; k < p.K; k++)
                job.X[k] = p.B[k * p.RowStrideB];
        }
        job.ChunkRows = (int)Math.Min(((GemmPlan.ChunkWork / p.K) + 2) / 2 * 2, p.M);
        w.Run(ref job, (int)(((long)p.M + job.ChunkRows - 1) / job.ChunkRows));
    }

    private static void Tiles(Workers w, in GemmProblem p)
    {
        var plan = new GemmPlan(p.M, p.N, p.K, p.ColumnStrideB != 1, TSimd.Count, TSimd.Registers, p.ColumnStrideA != 1);
        if (!plan.PackAll)
        {
            var direct = new GemmTileJob<TSimd, TVector> { P = p, Plan = plan, ColumnEnd = p.N };
            direct.Panels = InPlace(p, plan, w.Shared);
            int depth = plan.BlocksOutside ? plan.BlockK : p.K;
            for (int k = 0; k < p.K; k += depth)
            {
                direct.K = k;
                direct.KEnd = Math.Min(p.K, k + depth);
                w.Run(ref direct, plan.RowChunks * plan.ColumnChunks);
            }
            return;
        }
        for (int n = 0; n < p.N; n += plan.BlockN)
        {
            int nEnd = Math.Min(p.N, n + plan.BlockN);
            for (int k = 0; k < p.K; k += plan.BlockK)
            {
                int kEnd = Math.Min(p.K, k + plan.BlockK);
                int panels = (nEnd - n + plan.PanelColumns - 1) / plan.PanelColumns;
                var pack = new GemmPackJob<TSimd, TVector>
                {
                    B = p.B + (k * p.RowStrideB) + (n * p.ColumnStrideB),
                    RowStride = p.RowStrideB,
                    ColumnStride = p.ColumnStrideB,
                    Rows = kEnd - k,
                    Columns = nEnd - n,
                    PanelColumns = plan.PanelColumns,
                    Packed = w.Shared.Rent(panels * plan.PanelColumns * (kEnd - k)),
                };
                w.Run(ref pack, (panels + GemmPackJob<TSimd, TVector>.PanelsPerChunk - 1) / GemmPackJob<TSimd, TVector>.PanelsPerChunk);
                var job = new GemmTileJob<TSimd, TVector> { P = p, Plan = plan, Column = n, ColumnEnd = nEnd, K = k, KEnd = kEnd };
                job.Panels.Packed = pack.Packed;
                job.Panels.PackedK = k;
                job.Panels.PackedPanel = (nint)plan.PanelColumns * (kEnd - k);
                int columnChunks = (nEnd - n + plan.ChunkColumns - 1) / plan.ChunkColumns;
                w.Run(ref job, plan.RowChunks * columnChunks);
            }
        }
    }

    /// <summary>B read where it lies, but for a right edge that is no whole number of vectors: that is copied, padded with zeros.</summary>
    public static GemmPanels InPlace(in GemmProblem p, in GemmPlan plan, Scratch shared)
    {
        int whole = p.N / plan.PanelColumns;
        int edge = p.N - (whole * plan.PanelColumns);
        var panels = new GemmPanels { Direct = p.B, DirectStride = p.RowStrideB, FirstPacked = int.MaxValue };
        if (edge % TSimd.Count != 0)
        {
            int width = (edge + TSimd.Count - 1) / TSimd.Count * TSimd.Count;
            panels.FirstPacked = whole;
            panels.Packed = shared.Rent(checked(width * p.K));
            GemmPacking<TSimd, TVector>.Panel(p.B + ((nint)whole * plan.PanelColumns), p.RowStrideB, 1, p.K, edge, panels.Packed);
        }
        return panels;
    }
}

/// <summary>Chunks of whole panels of B to pack.</summary>
internal unsafe struct GemmPackJob<TSimd, TVector> : IChunkJob<GemmPackJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public const int PanelsPerChunk = 2;

    public float* B;
    public nint RowStride, ColumnStride;
    public int Rows, Columns, PanelColumns;
    public float* Packed;

    public static void Execute(ref GemmPackJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        for (int i = 0; i < PanelsPerChunk; i++)
        {
            int panel = (chunk * PanelsPerChunk) + i;
            int column = panel * job.PanelColumns;
            if (column >= job.Columns)
                return;
            GemmPacking<TSimd, TVector>.Panel(
                job.B + (column * job.ColumnStride), job.RowStride, job.ColumnStride, job.Rows,
                Math.Min(job.PanelColumns, job.Columns - column), job.Packed + ((nint)column * job.Rows));
        }
    }
}

/// <summary>Chunks of C: rows and columns by the plan.</summary>
internal struct GemmTileJob<TSimd, TVector> : IChunkJob<GemmTileJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public GemmProblem P;
    public GemmPlan Plan;
    public GemmPanels Panels;
    public int Column, ColumnEnd, K, KEnd;

    public static unsafe void Execute(ref GemmTileJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        // Neighbouring chunks share columns of B.
        int row = chunk % job.Plan.RowChunks * job.Plan.ChunkRows;
        int column = job.Column + (chunk / job.Plan.RowChunks * job.Plan.ChunkColumns);
        GemmBlock<TSimd, TVector>.Run(
            job.P, job.Plan, job.Panels, job.Column,
            row, Math.Min(job.P.M, row + job.Plan.ChunkRows),
            column, Math.Min(job.ColumnEnd, column + job.Plan.ChunkColumns),
            job.K, job.KEnd, scratch.Rent(GemmBlock<TSimd, TVector>.ScratchLength(job.Plan)));
    }
}

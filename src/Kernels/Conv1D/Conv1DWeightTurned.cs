using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// The weight gradient with the windows along the vectors: <c>dkernelᵀ [F, taps · C] = Σ dyᵀ · windows</c>. Filters are rows of tiles, which any number fills, and the windows' floats, which
/// lie side by side, are copied into panels: sequences follow each other there without a gap, as they do in dy, so that short ones share one sum.
/// </summary>
/// <remarks>
/// Rows of dkernel (<see cref="Conv1DWeightJob{TSimd, TVector}"/>) leave lanes empty where the filters are no whole vectors (24: a quarter, 50: a fifth), store each tile in pieces there, and
/// begin and end a tile for each sequence. With 512 bits on one thread the gradient of (20, 32) ∗ (9, 24), 128 sequences, takes 0.3 of the time this way, (128, 128) ∗ (9, 50) 0.35,
/// (20, 64) ∗ (1, 50) 0.5, (128, 256) ∗ (1, 100) 0.6; where filters are whole vectors and sequences are long nothing is gained ((100, 64) ∗ (3, 64): 1.0).
/// </remarks>
internal unsafe struct Conv1DWeightTurned<TSimd, TVector> : IChunkJob<Conv1DWeightTurned<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // A panel of 3 vectors (36 KB) stays in L1 while the rows of tiles pass by.
    private const int TargetTerms = 192;

    // In multiply-adds of a vector: what a vector costs that is copied into a panel, and what a tile's vector costs that is begun and ended, stored in pieces or whole.
    private const int CopyCost = 4, PartialCost = 40, WholeCost = 16;

    // Each passes over the whole input.
    private const int MostChunks = 16;

    public Conv1DShape Shape;
    public GemmPlan Plan;
    public float* X;
    public float* DY;
    public float* DKernel;
    public bool Accumulate;

    /// <summary>Most terms of a panel.</summary>
    public int Terms;

    /// <summary>Floats from one row of the sums to the next: a window in whole vectors.</summary>
    public int Pitch;

    /// <summary>Columns of a chunk, whole panels.</summary>
    public int ChunkColumns;

    /// <summary>True for shapes that are quicker this way.</summary>
    public static bool Pays(in Conv1DShape s)
    {
        if (TSimd.Count == 1 || s.Dilation != 1 || s.PaddingBefore != 0 || ((s.OutputLength - 1) * (long)s.Stride) + s.Span > s.Length || s.OutputLength == 0)
            return false;
        long window = (long)s.KernelSize * s.Channels;
        long vectors = (s.Filters + TSimd.Count - 1) / TSimd.Count;
        long untouched = window * vectors * (s.OutputLength + (s.Filters % TSimd.Count == 0 ? WholeCost : PartialCost));
        long turned = (window + TSimd.Count - 1) / TSimd.Count * (((s.Filters + CopyCost) * (long)s.OutputLength) + (s.Filters * WholeCost * (long)s.OutputLength / TargetTerms));
        return 10 * turned < 9 * untouched;
    }

    public static Conv1DWeightTurned<TSimd, TVector> Of(in Conv1DShape s)
    {
        int window = checked(s.KernelSize * s.Channels);
        var job = new Conv1DWeightTurned<TSimd, TVector> { Shape = s, Pitch = (window + TSimd.Count - 1) / TSimd.Count * TSimd.Count };
        long terms = (long)s.Batch * s.OutputLength;
        job.Terms = (int)Math.Min(terms, TargetTerms + (TargetTerms / 2));
        job.Plan = new GemmPlan(s.Filters, job.Pitch, job.Terms, transposedB: false, TSimd.Count, TSimd.Registers, blockK: Math.Max(1, job.Terms), products: Math.Max(1, terms / Math.Max(1, job.Terms)));
        job.ChunkColumns = job.Pitch;
        return job;
    }

    /// <summary>Sequences that are best summed in one go.</summary>
    public readonly int GroupItems => Math.Max(1, TargetTerms / Shape.OutputLength);

    /// <summary>Floats of working memory that <see cref="Sum"/> needs.</summary>
    public readonly int ScratchLength => checked(TilesLength + (Terms * Plan.PanelColumns));

    /// <summary>Floats of the sums, [F, <see cref="Pitch"/>].</summary>
    public readonly int SumsLength => checked(Shape.Filters * Pitch);

    private readonly int TilesLength => AlignedBuffer.RoundUp(GemmBlock<TSimd, TVector>.ScratchLength(Plan));

    /// <summary>dkernel, panels of columns of its transpose a chunk.</summary>
    public static void Run(Workers w, in Conv1DShape s, float* x, float* dy, float* dkernel, bool accumulate)
    {
        var job = Of(s);
        job.X = x;
        job.DY = dy;
        job.DKernel = dkernel;
        job.Accumulate = accumulate;
        int panels = (job.Pitch + job.Plan.PanelColumns - 1) / job.Plan.PanelColumns;
        int chunks = (int)Math.Clamp((long)s.KernelElements * s.OutputLength * s.Batch / GemmPlan.ChunkWork, 1, Math.Min(panels, MostChunks));
        job.ChunkColumns = (panels + chunks - 1) / chunks * job.Plan.PanelColumns;
        w.Run(ref job, (job.Pitch + job.ChunkColumns - 1) / job.ChunkColumns);
    }

    public static void Execute(ref Conv1DWeightTurned<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int column = chunk * job.ChunkColumns;
        int end = Math.Min(job.Pitch, column + job.ChunkColumns);
        int own = AlignedBuffer.RoundUp(job.ScratchLength);
        float* memory = scratch.Rent(checked(own + job.SumsLength));
        float* sums = memory + own;
        int group = job.GroupItems;
        for (int item = 0; item < job.Shape.Batch; item += group)
        {
            float* x = job.X + ((nint)item * job.Shape.Length * job.Shape.Channels);
            float* dy = job.DY + ((nint)item * job.Shape.OutputLength * job.Shape.Filters);
            Sum(job, Math.Min(group, job.Shape.Batch - item), column, end, x, dy, sums, item != 0, memory);
        }
        Conv1DTurnedSumJob<TSimd, TVector>.Store(job.Shape, job.Pitch, column, end, parts: 1, sums, job.DKernel, job.Accumulate);
    }

    /// <summary>Adds <paramref name="items"/> sequences, in order, to the sums of some columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum(in Conv1DWeightTurned<TSimd, TVector> job, int items, int column, int columnEnd, float* x, float* dy, float* sums, bool accumulate, float* memory)
    {
        int filters = job.Shape.Filters;
        int all = items * job.Shape.OutputLength;
        int blocks = Math.Max(1, (all + (TargetTerms / 2)) / TargetTerms);
        int length = (all + blocks - 1) / blocks;
        var p = new GemmProblem { M = filters, N = job.Pitch, RowStrideA = 1, ColumnStrideA = filters, C = sums, RowStrideC = job.Pitch, Accumulate = accumulate };
        var panels = new GemmPanels { Packed = memory + job.TilesLength };
        for (int term = 0; term < all; term += length)
        {
            p.A = dy + ((nint)term * filters);
            p.K = Math.Min(length, all - term);
            for (int j = column; j < columnEnd; j += job.Plan.PanelColumns)
            {
                int end = Math.Min(columnEnd, j + job.Plan.PanelColumns);
                Pack(job, x, term, p.K, j, end, panels.Packed);
                GemmBlock<TSimd, TVector>.Run(p, job.Plan, panels, j, 0, filters, j, end, 0, p.K, memory);
            }
            p.Accumulate = true;
        }
    }

    /// <summary>Columns of the windows of <paramref name="terms"/> output rows, the rows of all sequences numbered through.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(in Conv1DWeightTurned<TSimd, TVector> job, float* x, int first, int terms, int column, int columnEnd, float* panel)
    {
        int width = columnEnd - column;
        int columns = Math.Min(width, (job.Shape.KernelSize * job.Shape.Channels) - column);
        nint step = (nint)job.Shape.Stride * job.Shape.Channels;
        int item = first / job.Shape.OutputLength, row = first % job.Shape.OutputLength;
        x += ((nint)item * job.Shape.Length * job.Shape.Channels) + column;
        while (terms > 0)
        {
            int rows = Math.Min(terms, job.Shape.OutputLength - row);
            GemmPacking<TSimd, TVector>.Panel(x + (row * step), step, 1, rows, columns, panel);
            panel += (nint)rows * width;
            x += (nint)job.Shape.Length * job.Shape.Channels;
            terms -= rows;
            row = 0;
        }
    }
}

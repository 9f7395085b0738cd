using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// Few rows times a transposed B, the gradient of a layer's inputs: computed as <c>Cᵀ = B · Aᵀ</c>. B's rows lie as the tiles want their left operand, so the large
/// operand is read once, where it is; what is transposed is the small A (unless it is stored so) and the finished C, 16 by 16 floats at a time.
/// </summary>
internal static unsafe class GemmTurned<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // 64 rows and more share the transposition of B well enough (0.98 to 1.02 of it here), 16 to 48 do not (1.11 to 1.24 times).
    private const int MostTurnedRows = 63;

    // 256 KB: each thread packs an Aᵀ of its own, and keeps it in its L2 while the rows of B pass by.
    private const int MostPacked = 1 << 16;

    /// <summary>True where transposing A and C moves fewer floats than transposing B.</summary>
    public static bool Fits(in GemmProblem p)
    {
        if (TSimd.Count == 1 || p.ColumnStrideB == 1 || p.RowStrideB != 1 || p.M < TSimd.Count || p.M > MostTurnedRows || p.N < TSimd.Count)
            return false;
        bool stored = p.ColumnStrideA != 1;
        if (!stored && p.M * (long)p.K > MostPacked)
            return false;
        return (p.M * (long)p.N) + (stored ? 0 : p.M * (long)p.K) < p.N * (long)p.K && (!stored || p.RowStrideA == 1);
    }

    [SkipLocalsInit]
    public static void Multiply(Workers w, in GemmProblem product)
    {
        int rest = GemmDots<TSimd, TVector>.RowsBehind(product);
        GemmProblem p = product with { M = product.M - rest };
        bool alone = w.Threads == 1 || (long)p.M * p.N * p.K < GemmPlan.SharedWork;
        var job = new GemmTurnedJob<TSimd, TVector> { P = p, Rest = rest };
        job.T = GemmFrame<TSimd, TVector>.Mirrored(p) with { Bias = null, Activation = ActivationKind.Linear, Accumulate = false };
        job.Plan = new GemmPlan(p.N, p.M, p.K, transposedB: false, TSimd.Count, TSimd.Registers, blockK: GemmPlan.PackedBlockK(p.K));
        if (job.T.ColumnStrideB == 1)
        {
            job.Panels = GemmFrame<TSimd, TVector>.InPlace(job.T, job.Plan, w.Shared);
        }
        else
        {
            job.PackedLength = checked((p.M + job.Plan.PanelColumns - 1) / job.Plan.PanelColumns * job.Plan.PanelColumns * p.K);
            job.Panels.PackedPanel = (nint)job.Plan.PanelColumns * p.K;
            // Several threads pack an Aᵀ each: fetching what another core has just written takes longer.
            if (alone)
            {
                job.Panels.Packed = w.Shared.Rent(job.PackedLength);
                Pack(p, job.Plan, job.Panels.Packed);
            }
        }
        if (!alone)
        {
            job.Key = w.NextKey();
            w.Run(ref job, job.Chunks);
            return;
        }
        for (int chunk = 0; chunk < job.Chunks; chunk++)
            GemmTurnedJob<TSimd, TVector>.Execute(ref job, chunk, w.ScratchOf(0));
    }

    /// <summary>A's rows as panels of columns.</summary>
    public static void Pack(in GemmProblem p, in GemmPlan plan, float* packed)
    {
        int width = plan.PanelColumns;
        for (int m = 0; m < p.M; m += width)
            GemmPacking<TSimd, TVector>.Panel(p.A + (m * p.RowStrideA), 1, p.RowStrideA, p.K, Math.Min(width, p.M - m), packed + ((nint)m * p.K));
    }

    /// <summary>C's columns from <paramref name="column"/> on, from <paramref name="rows"/> rows of Cᵀ. Blocks at the edges reach back over what has been written.</summary>
    /// <param name="p">The product.</param>
    /// <param name="turned">The rows of Cᵀ.</param>
    /// <param name="turnedPitch">Floats from one of them to the next.</param>
    /// <param name="column">The first column.</param>
    /// <param name="rows">How many columns.</param>
    /// <param name="landing">M rows of <see cref="AlignedBuffer.RoundUp"/> of these columns where C is added to, for what C then still holds is needed; else null.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Store(in GemmProblem p, float* turned, nint turnedPitch, int column, int rows, float* landing)
    {
        float* to = landing == null ? p.C + column : landing;
        nint pitch = landing == null ? p.RowStrideC : AlignedBuffer.RoundUp(rows);
        for (int n = 0; n < rows; n += TSimd.Count)
        {
            int firstRow = Math.Min(n, rows - TSimd.Count);
            for (int m = 0; m < p.M; m += TSimd.Count)
            {
                int first = Math.Min(m, p.M - TSimd.Count);
                TSimd.Transpose(turned + (firstRow * turnedPitch) + first, turnedPitch, to + firstRow + (first * pitch), pitch);
            }
        }
        GemmStore ending = p.Ending(first: true, last: true);
        if ((ending & ~GemmStore.Scale) != 0)
            Finish(p, ending, column, rows, to, pitch);
        if (p.NeedsActivationPass)
            GemmActivation<TSimd, TVector>.Rows(p.Activation, p.C + column, p.RowStrideC, p.M, rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Finish(in GemmProblem p, GemmStore ending, int column, int columns, float* sums, nint pitch)
    {
        // Tiles have multiplied the sums by α already.
        float beta = p.FactorOfC(first: true);
        for (int m = 0; m < p.M; m++)
        {
            float* c = p.C + (m * p.RowStrideC) + column;
            for (int n = 0; n < columns; n += TSimd.Count)
            {
                int count = Math.Min(TSimd.Count, columns - n);
                TVector value = TSimd.LoadPartial(sums + n, count);
                TSimd.StorePartial(c + n, GemmTileStore<TSimd, TVector>.Finish(ending, 1f, beta, value, c + n, p.Bias + column + n, count), count);
            }
            sums += pitch;
        }
    }
}

/// <summary>Chunks of columns of C, rows of Cᵀ.</summary>
internal unsafe struct GemmTurnedJob<TSimd, TVector> : IChunkJob<GemmTurnedJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // With up to 63 columns so many rows of Cᵀ are transposed out of L1, and half more are.
    private const int ChunkRows = 64;

    private const int MostChunkRows = ChunkRows + (ChunkRows / 2);

    public GemmProblem P;

    /// <summary>Cᵀ = B · Aᵀ without the endings of C.</summary>
    public GemmProblem T;

    public GemmPlan Plan;
    public GemmPanels Panels;

    /// <summary>Floats of a packed Aᵀ; 0 where A is stored as it is needed.</summary>
    public int PackedLength;

    /// <summary>Of the Aᵀ that each thread keeps for its next chunk.</summary>
    public long Key;

    /// <summary>Rows of A behind those of <see cref="P"/> that each chunk computes as dot products: they would leave most lanes of a vector empty.</summary>
    public int Rest;

    /// <summary>An even number, cut evenly: two threads end together.</summary>
    public readonly int Chunks
    {
        get
        {
            int chunks = Math.Max(1, (P.N + (ChunkRows / 2)) / ChunkRows);
            return chunks == 1 ? 1 : (chunks + 1) & ~1;
        }
    }

    // Whole vectors to transpose, and what is left over with the last of them.
    private readonly int Begin(int chunk, int chunks) => chunk == chunks ? P.N : (int)((long)(P.N / TSimd.Count) * chunk / chunks) * TSimd.Count;

    [SkipLocalsInit]
    public static void Execute(ref GemmTurnedJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int chunks = job.Chunks;
        int row = job.Begin(chunk, chunks);
        int rowEnd = job.Begin(chunk + 1, chunks);
        int own = AlignedBuffer.RoundUp(GemmBlock<TSimd, TVector>.ScratchLength(job.Plan));
        int turned = AlignedBuffer.RoundUp(Math.Min(job.P.N, MostChunkRows) * job.P.M);
        int landing = job.P.Accumulate ? AlignedBuffer.RoundUp(Math.Min(job.P.N, MostChunkRows)) * job.P.M : 0;
        GemmPanels panels = job.Panels;
        bool packs = job.PackedLength != 0 && panels.Packed == null;
        float* memory = packs ? scratch.Kept(job.Key) : null;
        bool packed = memory != null;
        if (!packed)
            memory = scratch.Rent(checked(own + turned + landing + (packs ? job.PackedLength : 0)));
        if (packs)
        {
            panels.Packed = memory + own + turned + landing;
            if (!packed)
                GemmTurned<TSimd, TVector>.Pack(job.P, job.Plan, panels.Packed);
            scratch.Keep(job.Key);
        }
        GemmProblem t = job.T;
        t.C = memory + own - ((nint)row * job.P.M);
        t.RowStrideC = job.P.M;
        GemmBlock<TSimd, TVector>.Run(t, job.Plan, panels, 0, row, rowEnd, 0, t.N, 0, t.K, memory);
        GemmTurned<TSimd, TVector>.Store(job.P, memory + own, job.P.M, row, rowEnd - row, landing != 0 ? memory + own + turned : null);
        if (job.Rest != 0)
        {
            GemmProblem behind = job.P with { M = job.Rest, A = job.P.A + (job.P.M * job.P.RowStrideA), C = job.P.C + (job.P.M * job.P.RowStrideC) };
            GemmDots<TSimd, TVector>.Run(behind, row, rowEnd, scratch);
        }
    }
}

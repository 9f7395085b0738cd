using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// Aᵀ · B with more rows than columns as Cᵀ = Bᵀ · A: both operands are read along their rows in either way, but so the vectors run along the longer side, where fewer of their lanes stay empty, panels
/// of the larger operand are read once, and what the tiles of a panel share is the smaller one. C is transposed when a piece of it is done.
/// </summary>
internal static unsafe class GemmMirrored<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // Below, transposing C takes longer than empty lanes do.
    private const int LeastTerms = 64;

    // Transposing C takes as long as so many terms more of each sum.
    private const int TransposedTerms = 14;

    // Of a hundred: what has no lanes to win loses up to 12 % where A lies in L2 (panels are laid down, sums of blocks added), and gains up to 50 % where it does not.
    private const int NearCost = 105, FarCost = 92;

    // Vectors of a row of Cᵀ. Long sums of shorter rows are cut into segments: chunks of such rows would be few, and of panels that are not whole.
    private const int LongRow = 48;

    /// <summary>True where the mirrored product and the transposition of C take less than the product as it is.</summary>
    public static bool Fits(in GemmProblem p)
    {
        if (p.RowStrideA != 1 || p.ColumnStrideB != 1 || p.M <= p.N || p.K < LeastTerms || p.N < TSimd.Count || p.N >= GemmPlan.PackingRows || TSimd.Count == 1)
            return false;
        if ((long)p.M * p.N * p.K < GemmPlan.SharedWork)
            return false;
        int cost = CacheHint.IsFar((long)p.K * p.M) ? FarCost : NearCost;
        return Width(p.M) * p.N * (p.K + TransposedTerms) * cost < Width(p.N) * p.M * p.K * 100;
    }

    [SkipLocalsInit]
    public static void Multiply(Workers w, in GemmProblem p)
    {
        GemmProblem turned = GemmFrame<TSimd, TVector>.Mirrored(p) with { Bias = null, Activation = ActivationKind.Linear, Accumulate = false };
        if (p.K >= GemmPlan.SegmentK && Vectors(p.M) < LongRow)
        {
            int segments = GemmPlan.SegmentsOf(p.K);
            int pitch = AlignedBuffer.RoundUp(p.M);
            float* sums = GemmSegments<TSimd, TVector>.Sums(w, turned, new GemmPlan(p.K, segments, TSimd.Count, TSimd.Registers), pitch);
            var adding = new GemmMirroredSumJob<TSimd, TVector> { P = p, Segments = segments, Pitch = pitch, Sums = sums };
            w.Run(ref adding, GemmMirroredSumJob<TSimd, TVector>.ChunksOf(p.M));
            return;
        }
        var job = new GemmMirroredJob<TSimd, TVector> { P = p, T = turned, Plan = new GemmPlan(p.K, 1, TSimd.Count, TSimd.Registers) };
        w.Run(ref job, job.Cut((int)Vectors(p.M)));
    }

    // Half vectors that the tiles of a row take: a panel of one vector, the last of 3 n + 1, takes as long as one and a half, because its broadcasts serve one multiply-add each.
    private static long Width(int length)
    {
        long vectors = Vectors(length);
        return vectors > 4 && vectors % 3 == 1 ? (2 * vectors) + 1 : 2 * vectors;
    }

    private static long Vectors(int length) => (length + TSimd.Count - 1) / TSimd.Count;
}

/// <summary>Chunks of rows of C, columns of Cᵀ.</summary>
internal unsafe struct GemmMirroredJob<TSimd, TVector> : IChunkJob<GemmMirroredJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // Panels of a chunk: two, whose part of Cᵀ is transposed out of L1 or near it, or four of long sums, whose rows of A are then longer stretches.
    private const int ChunkPanels = 2, LongChunkPanels = 4;

    private const int LongSums = 512;

    public GemmProblem P;

    /// <summary>Cᵀ = Bᵀ · A without the endings of C.</summary>
    public GemmProblem T;

    public GemmPlan Plan;

    private int _chunks, _chunkRows;

    /// <summary>Cuts rows of C into chunks of whole panels; into two, one for each of two threads, where panels are few.</summary>
    /// <param name="vectors">Vectors of a row of Cᵀ.</param>
    /// <returns>The number of chunks.</returns>
    public int Cut(int vectors)
    {
        int most = (P.K > LongSums ? LongChunkPanels : ChunkPanels) * Plan.TileVectors;
        _chunkRows = (vectors < 3 * most ? (vectors + 1) / 2 : most) * TSimd.Count;
        // A last chunk of less than a vector, which could not be transposed, belongs to the one before.
        _chunks = Math.Max(1, (P.M + _chunkRows - TSimd.Count) / _chunkRows);
        return _chunks;
    }

    [SkipLocalsInit]
    public static void Execute(ref GemmMirroredJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int row = chunk * job._chunkRows;
        int rows = (chunk == job._chunks - 1 ? job.P.M : row + job._chunkRows) - row;
        GemmProblem part = job.P with { M = rows, A = job.P.A + row, C = job.P.C + (row * job.P.RowStrideC) };
        GemmProblem t = job.T with { N = rows, B = part.A, RowStrideC = AlignedBuffer.RoundUp(rows) };
        int own = AlignedBuffer.RoundUp(GemmOwnPanels<TSimd, TVector>.ScratchLength(t, job.Plan, t.M, keepsPanels: false));
        int turned = checked(part.N * (int)t.RowStrideC);
        float* memory = scratch.Rent(checked(own + turned + (part.Accumulate ? AlignedBuffer.RoundUp(part.N) * rows : 0)));
        t.C = memory + own;
        GemmOwnPanels<TSimd, TVector>.Run(t, job.Plan, 0, t.M, scratch, own: memory);
        GemmTurned<TSimd, TVector>.Store(part, t.C, t.RowStrideC, 0, part.N, part.Accumulate ? t.C + turned : null);
    }
}

/// <summary>Adds the sums of the segments of K in their order and transposes them, some rows of C a chunk.</summary>
internal unsafe struct GemmMirroredSumJob<TSimd, TVector> : IChunkJob<GemmMirroredSumJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const int ChunkRows = 64;

    public GemmProblem P;
    public int Segments, Pitch;

    /// <summary>[segment, N, Pitch].</summary>
    public float* Sums;

    /// <summary>The last chunk has half as many rows as the others at least, and up to half more.</summary>
    public static int ChunksOf(int rows) => Math.Max(1, (rows + (ChunkRows / 2)) / ChunkRows);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Execute(ref GemmMirroredSumJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int row = chunk * ChunkRows;
        int rows = (chunk == ChunksOf(job.P.M) - 1 ? job.P.M : row + ChunkRows) - row;
        GemmProblem part = job.P with { M = rows, C = job.P.C + (row * job.P.RowStrideC) };
        int length = AlignedBuffer.RoundUp(rows);
        float* sums = scratch.Rent(checked((part.N * length) + (part.Accumulate ? AlignedBuffer.RoundUp(part.N) * rows : 0)));
        nint segment = (nint)part.N * job.Pitch;
        TVector factor = TSimd.Splat(part.FactorOfProduct);
        for (int n = 0; n < part.N; n++)
        {
            float* from = job.Sums + ((nint)n * job.Pitch) + row;
            float* to = sums + ((nint)n * length);
            for (int j = 0; j < length; j += TSimd.Count)
            {
                TVector value = *(TVector*)(from + j);
                for (int s = 1; s < job.Segments; s++)
                    value = TSimd.Add(value, *(TVector*)(from + (s * segment) + j));
                *(TVector*)(to + j) = part.HasFactors ? TSimd.Multiply(factor, value) : value;
            }
        }
        GemmTurned<TSimd, TVector>.Store(part, sums, length, 0, part.N, part.Accumulate ? sums + ((nint)part.N * length) : null);
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// A product of few rows and very long sums: K is cut into segments at points that follow from the shape, each thread takes a segment and streams its
/// own part of A and B, and the segments' sums are added in their order. Threads meet once a product, not twice a block of K.
/// </summary>
internal static unsafe class GemmSegments<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static void Run(Workers w, in GemmProblem p, in GemmPlan plan)
    {
        int pitch = AlignedBuffer.RoundUp(p.N);
        GemmSegmentSumJob<TSimd, TVector>.Run(w, p, plan.Segments, Sums(w, p, plan, pitch), pitch);
    }

    /// <summary>The sums of each segment without the product's endings, [segment, M, <paramref name="pitch"/>] in shared memory.</summary>
    public static float* Sums(Workers w, in GemmProblem p, in GemmPlan plan, int pitch)
    {
        var job = new GemmSegmentsJob<TSimd, TVector> { P = p, Plan = plan, Pitch = pitch };
        job.Length = (p.K + plan.Segments - 1) / plan.Segments;
        job.Sums = w.Shared.Rent(checked(plan.Segments * p.M * pitch));
        w.Run(ref job, plan.Segments);
        return job.Sums;
    }
}

/// <summary>A segment of K a chunk.</summary>
internal unsafe struct GemmSegmentsJob<TSimd, TVector> : IChunkJob<GemmSegmentsJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public GemmProblem P;
    public GemmPlan Plan;

    /// <summary>Terms of a segment.</summary>
    public int Length;

    /// <summary>[segment, M, Pitch].</summary>
    public float* Sums;

    public int Pitch;

    public static void Execute(ref GemmSegmentsJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int k = chunk * job.Length;
        GemmProblem part = job.P with
        {
            K = Math.Min(job.Length, job.P.K - k),
            A = job.P.A + (k * job.P.ColumnStrideA),
            B = job.P.B + (k * job.P.RowStrideB),
            C = job.Sums + ((nint)chunk * job.P.M * job.Pitch),
            RowStrideC = job.Pitch,
            Bias = null,
            Activation = ActivationKind.Linear,
            Accumulate = false,
            HasFactors = false,
        };
        GemmOwnPanels<TSimd, TVector>.Run(part, job.Plan, 0, part.M, scratch);
    }
}

/// <summary>Adds the sums of the segments, or parts, of K in their order and ends the product as a tile would, some rows a chunk.</summary>
internal unsafe struct GemmSegmentSumJob<TSimd, TVector> : IChunkJob<GemmSegmentSumJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // 256 KB of sums are worth handing out.
    private const int ChunkLength = 1 << 16;

    private GemmProblem _p;
    private int _segments, _pitch, _chunkRows;
    private float* _sums;

    /// <summary>Ends a product whose <paramref name="sums"/> are [segment, M, <paramref name="pitch"/>].</summary>
    public static void Run(Workers w, in GemmProblem p, int segments, float* sums, int pitch)
    {
        int rows = Math.Max(1, (int)(ChunkLength / ((long)segments * pitch)));
        var job = new GemmSegmentSumJob<TSimd, TVector> { _p = p, _segments = segments, _pitch = pitch, _chunkRows = rows, _sums = sums };
        w.Run(ref job, (int)(((long)p.M + rows - 1) / rows));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Execute(ref GemmSegmentSumJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        ref readonly GemmProblem p = ref job._p;
        GemmStore ending = p.Ending(first: true, last: true);
        float beta = p.FactorOfC(first: true);
        nint segment = (nint)p.M * job._pitch;
        int first = chunk * job._chunkRows, end = (int)Math.Min(p.M, (long)first + job._chunkRows);
        for (int m = first; m < end; m++)
        {
            float* c = p.C + (m * p.RowStrideC);
            float* sums = job._sums + ((nint)m * job._pitch);
            for (int j = 0; j < p.N; j += TSimd.Count)
            {
                int count = Math.Min(TSimd.Count, p.N - j);
                TVector value = TSimd.LoadPartial(sums + j, count);
                for (int s = 1; s < job._segments; s++)
                    value = TSimd.Add(value, TSimd.LoadPartial(sums + (s * segment) + j, count));
                TSimd.StorePartial(c + j, GemmTileStore<TSimd, TVector>.Finish(ending, p.Alpha, beta, value, c + j, p.Bias + j, count), count);
            }
        }
        if (p.NeedsActivationPass)
            GemmActivation<TSimd, TVector>.Rows(p.Activation, p.C + (first * p.RowStrideC), p.RowStrideC, end - first, p.N);
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// A product of few rows and very long sums: K is cut into segments at points that follow from the shape, each thread takes a segment and streams its
/// own part of A and B, and the segments' sums are added in their order. Threads meet once a product, not twice a block of K.
/// </summary>
internal static unsafe class GemmSegments<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public static void Run(Workers w, in GemmProblem p, in GemmPlan plan)
    {
        var job = new GemmSegmentsJob<TSimd, TVector> { P = p, Plan = plan, Pitch = AlignedBuffer.RoundUp(p.N) };
        job.Length = (p.K + plan.Segments - 1) / plan.Segments;
        job.Sums = w.Shared.Rent(checked(plan.Segments * p.M * job.Pitch));
        w.Run(ref job, plan.Segments);
        var sum = new GemmSegmentSumJob<TSimd, TVector> { P = p, Segments = plan.Segments, Pitch = job.Pitch, Sums = job.Sums };
        w.Run(ref sum, (p.M + GemmSegmentSumJob<TSimd, TVector>.ChunkRows - 1) / GemmSegmentSumJob<TSimd, TVector>.ChunkRows);
    }
}

/// <summary>A segment of K a chunk.</summary>
internal unsafe struct GemmSegmentsJob<TSimd, TVector> : IChunkJob<GemmSegmentsJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
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
        };
        GemmOwnPanels<TSimd, TVector>.Run(part, job.Plan, 0, part.M, scratch);
    }
}

/// <summary>Adds the segments' sums in their order and ends the product as a tile would, some rows a chunk.</summary>
internal unsafe struct GemmSegmentSumJob<TSimd, TVector> : IChunkJob<GemmSegmentSumJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public const int ChunkRows = 16;

    public GemmProblem P;
    public int Segments, Pitch;
    public float* Sums;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Execute(ref GemmSegmentSumJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        ref readonly GemmProblem p = ref job.P;
        GemmStore ending = p.Ending(first: true, last: true);
        nint segment = (nint)p.M * job.Pitch;
        int end = Math.Min(p.M, (chunk + 1) * ChunkRows);
        for (int m = chunk * ChunkRows; m < end; m++)
        {
            float* c = p.C + (m * p.RowStrideC);
            float* sums = job.Sums + ((nint)m * job.Pitch);
            for (int j = 0; j < p.N; j += TSimd.Count)
            {
                int count = Math.Min(TSimd.Count, p.N - j);
                TVector value = TSimd.LoadPartial(sums + j, count);
                for (int s = 1; s < job.Segments; s++)
                    value = TSimd.Add(value, TSimd.LoadPartial(sums + (s * segment) + j, count));
                if ((ending & GemmStore.Add) != 0)
                    value = TSimd.Add(value, TSimd.LoadPartial(c + j, count));
                if ((ending & GemmStore.Bias) != 0)
                    value = TSimd.Add(value, TSimd.LoadPartial(p.Bias + j, count));
                if ((ending & GemmStore.ReLU) != 0)
                    value = GemmTileStore<TSimd, TVector>.ReLU(value);
                TSimd.StorePartial(c + j, value, count);
            }
        }
        if (p.NeedsActivationPass)
            GemmActivation<TSimd, TVector>.Rows(p.Activation, p.C + (chunk * ChunkRows * p.RowStrideC), p.RowStrideC, end - (chunk * ChunkRows), p.N);
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// Products of few rows with a large B, a layer's weights: cut along the sums. Each part reads rows of B of its own and makes a whole C; the parts are added in
/// their order.
/// </summary>
/// <remarks>
/// Cut by rows of C, every thread would read all of B. Cut like this it reads the rows that it also wrote: those of the weights' gradient, and then of the weights
/// when the optimizer passed over them, are handed out in the same order (<see cref="ThreadTeam"/>). A line that the other thread wrote costs several times one
/// from the own cache: the training step of a 784-128-10 network takes 0.8, that of a
/// convolution before an LSTM on 1568 inputs 0.8 of the time.
/// </remarks>
internal static unsafe class GemmSplit<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const int MostSplitRows = 64;

    private const int MostParts = 16;

    private const int LeastTerms = 512;

    // Of a B that changes from call to call, 256 KB: what the parts save is then more than their addition costs.
    private const int LeastUpdated = 1 << 16;

    // Of one that does not, 1 MB: less lies whole in the caches of both threads.
    private const int LeastFloats = 1 << 18;

    /// <summary>Runs a product here if it is one of these.</summary>
    /// <returns>False when it is not: nothing has been done.</returns>
    public static bool TryMultiply(Workers w, in GemmProblem p)
    {
        if (p.M == 1 || p.M > MostSplitRows || p.K < LeastTerms)
            return false;
        long floats = (long)p.K * p.N;
        bool whole = p.N % TSimd.Count == 0 && p.RowStrideB % TSimd.Count == 0 && p.ColumnStrideB == 1 && p.ColumnStrideA == 1;
        // What does not change is as well cut by columns, and without sums to add.
        if (!p.UpdatesB && GemmPlan.OwnsFarB(p.M, p.N, p.K, TSimd.Count, TSimd.Registers))
            return false;
        if (!whole || floats < (p.UpdatesB ? LeastUpdated : LeastFloats) || floats * p.M < 8 * GemmPlan.ChunkWork)
            return false;
        // A part reads K / parts · N floats of B; its M · N sums, written and added once more, must stay an eighth of that at most.
        int parts = floats < LeastFloats ? 2 : MostParts;
        while (parts > 1 && p.K < 8 * p.M * parts)
            parts /= 2;
        if (parts == 1)
            return false;
        var job = new GemmSplitJob<TSimd, TVector> { P = p, Terms = (p.K + parts - 1) / parts };
        job.Sums = w.Shared.Rent(checked(parts * p.M * p.N));
        w.Run(ref job, parts);
        GemmSegmentSumJob<TSimd, TVector>.Run(w, p, parts, job.Sums, p.N);
        return true;
    }
}

/// <summary>A part of the sums a chunk, into working memory.</summary>
internal unsafe struct GemmSplitJob<TSimd, TVector> : IChunkJob<GemmSplitJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public GemmProblem P;

    /// <summary>Terms of a part; the last may have fewer.</summary>
    public int Terms;

    /// <summary>[part, M, N].</summary>
    public float* Sums;

    public static void Execute(ref GemmSplitJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int k = chunk * job.Terms;
        GemmProblem part = job.P with
        {
            K = Math.Min(job.Terms, job.P.K - k),
            A = job.P.A + k,
            B = job.P.B + (k * job.P.RowStrideB),
            C = job.Sums + ((nint)chunk * job.P.M * job.P.N),
            RowStrideC = job.P.N,
            Bias = null,
            Activation = ActivationKind.Linear,
            Accumulate = false,
            HasFactors = false,
        };
        bool own = GemmPlan.OwnsFarB(part.M, part.N, job.P.K, TSimd.Count, TSimd.Registers);
        var plan = new GemmPlan(part.M, part.N, part.K, transposedB: false, TSimd.Count, TSimd.Registers, blockK: own ? GemmPlan.OwnBlockK(part.K) : 0);
        if (own)
        {
            GemmOwnPanels<TSimd, TVector>.Run(part, plan, 0, part.M, scratch);
            return;
        }
        var panels = new GemmPanels { Direct = part.B, DirectStride = part.RowStrideB, FirstPacked = int.MaxValue };
        float* memory = scratch.Rent(GemmBlock<TSimd, TVector>.ScratchLength(plan));
        GemmBlock<TSimd, TVector>.Run(part, plan, panels, 0, 0, part.M, 0, part.N, 0, part.K, memory);
    }
}

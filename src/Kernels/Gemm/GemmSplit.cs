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
    where TVector : struct
{
    // What is added, M · N floats a part, must stay little beside the rows of B that a part reads.
    private const int MostRows = 64;

    private const int LeastTerms = 512;

    // Of a B that changes from call to call, 256 KB: what the parts save is then more than their addition costs.
    private const int LeastUpdated = 1 << 16;

    // Of one that does not, 1 MB: less lies whole in the caches of both threads.
    private const int LeastFloats = 1 << 18;

    /// <summary>Runs a product here if it is one of these.</summary>
    /// <returns>False when it is not: nothing has been done.</returns>
    public static bool TryMultiply(Workers w, in GemmProblem p)
    {
        if (p.M > MostRows || p.K < LeastTerms)
            return false;
        long floats = (long)p.K * p.N;
        bool whole = p.N % TSimd.Count == 0 && p.RowStrideB % TSimd.Count == 0 && p.ColumnStrideB == 1 && p.ColumnStrideA == 1;
        if (!whole || floats < (p.UpdatesB ? LeastUpdated : LeastFloats) || floats * p.M < 8 * GemmPlan.ChunkWork)
            return false;
        int parts = floats < LeastFloats ? 2 : 4;
        var job = new GemmSplitJob<TSimd, TVector> { P = p, Terms = (p.K + parts - 1) / parts, PartLength = AlignedBuffer.RoundUp(p.M * p.N) };
        job.Parts = w.Shared.Rent((parts - 1) * job.PartLength);
        w.Run(ref job, parts);
        Add(p, parts - 1, job.Parts, job.PartLength);
        return true;
    }

    // C, which holds the first part, and the others; then what a tile would do at its end.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(in GemmProblem p, int more, float* parts, nint partLength)
    {
        for (int row = 0; row < p.M; row++)
        {
            float* c = p.C + (row * p.RowStrideC);
            for (int j = 0; j < p.N; j += TSimd.Count)
            {
                TVector sum = TSimd.Load(c + j);
                float* part = parts + j;
                for (int i = 0; i < more; i++, part += partLength)
                    sum = TSimd.Add(sum, TSimd.Load(part));
                if (p.Bias != null)
                    sum = TSimd.Add(sum, TSimd.Load(p.Bias + j));
                TSimd.Store(c + j, sum);
            }
            parts += p.N;
        }
        if (p.Activation != ActivationKind.Linear)
            GemmActivation<TSimd, TVector>.Rows(p.Activation, p.C, p.RowStrideC, p.M, p.N);
    }
}

/// <summary>A part of the sums a chunk: the first goes into C, the others side by side into working memory.</summary>
internal unsafe struct GemmSplitJob<TSimd, TVector> : IChunkJob<GemmSplitJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public GemmProblem P;

    /// <summary>Terms of a part; the last may have fewer.</summary>
    public int Terms;

    public float* Parts;
    public int PartLength;

    public static void Execute(ref GemmSplitJob<TSimd, TVector> job, int chunk, Scratch scratch)
    {
        int k = chunk * job.Terms;
        GemmProblem part = job.P with
        {
            K = Math.Min(job.Terms, job.P.K - k),
            A = job.P.A + k,
            B = job.P.B + (k * job.P.RowStrideB),
            Bias = null,
            Activation = ActivationKind.Linear,
        };
        if (chunk > 0)
        {
            part.C = job.Parts + ((nint)(chunk - 1) * job.PartLength);
            part.RowStrideC = part.N;
            part.Accumulate = false;
        }
        var plan = new GemmPlan(part.M, part.N, part.K, transposedB: false, TSimd.Count, TSimd.Registers);
        var panels = new GemmPanels { Direct = part.B, DirectStride = part.RowStrideB, FirstPacked = int.MaxValue };
        float* memory = scratch.Rent(GemmBlock<TSimd, TVector>.ScratchLength(plan));
        GemmBlock<TSimd, TVector>.Run(part, plan, panels, 0, 0, part.M, 0, part.N, 0, part.K, memory);
    }
}

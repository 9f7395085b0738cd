using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Sizes that the reductions of all widths share.</summary>
internal static class ReductionLoop
{
    /// <summary>Elements that are joined in float before a block goes into the double total: bounds the error at 4096 / lanes roundings.</summary>
    public const int Block = 4096;
}

/// <summary>The one loop of the reductions of a span to a number.</summary>
internal static unsafe class ReductionLoop<TSimd, TVector, TReduction>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TReduction : struct, IReduction<TSimd, TVector>
{
    /// <summary>Reduces one chunk on the calling thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Run(float* x, nint length)
    {
        double total = TReduction.Identity;
        for (nint start = 0; start < length; start += ReductionLoop.Block)
            total = TReduction.JoinBlocks(total, OfBlock(x + start, (int)Math.Min(ReductionLoop.Block, length - start)));
        return total;
    }

    /// <summary>Reduces every chunk into its place in <paramref name="partial"/>.</summary>
    public static void Run(Workers workers, float* x, nint length, int chunkLength, int chunks, double* partial)
    {
        if (chunks <= 1)
        {
            *partial = Run(x, length);
            return;
        }
        var job = new Job { X = x, Length = length, ChunkLength = chunkLength, Partial = partial };
        workers.Run(ref job, chunks);
    }

    // Four accumulators hide the latency of the addition.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float OfBlock(float* x, int length)
    {
        int width = TSimd.Count;
        TVector a0 = TSimd.Splat(TReduction.Identity);
        TVector a1 = a0;
        TVector a2 = a0;
        TVector a3 = a0;
        int i = 0;
        for (; i <= length - (4 * width); i += 4 * width)
        {
            a0 = TReduction.Include(a0, *(TVector*)(x + i));
            a1 = TReduction.Include(a1, *(TVector*)(x + i + width));
            a2 = TReduction.Include(a2, *(TVector*)(x + i + (2 * width)));
            a3 = TReduction.Include(a3, *(TVector*)(x + i + (3 * width)));
        }
        for (; i <= length - width; i += width)
            a0 = TReduction.Include(a0, *(TVector*)(x + i));
        if (i < length)
        {
            int lanes = length - i;
            TVector rest = TSimd.Select(TSimd.FirstLanes(lanes), TSimd.LoadPartial(x + i, lanes), TSimd.Splat(TReduction.Identity));
            a1 = TReduction.Include(a1, rest);
        }
        return TReduction.Across(TReduction.Join(TReduction.Join(a0, a1), TReduction.Join(a2, a3)));
    }

    private struct Job : IChunkJob<Job>
    {
        public float* X;
        public nint Length;
        public int ChunkLength;
        public double* Partial;

        public static void Execute(ref Job job, int chunk, Scratch scratch)
        {
            nint start = (nint)chunk * job.ChunkLength;
            job.Partial[chunk] = Run(job.X + start, Math.Min(job.ChunkLength, job.Length - start));
        }
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>The loop of the functions of one operand that take two numbers, y[i] = f(x[i]); y may be x.</summary>
internal static unsafe class TwoNumberLoop<TSimd, TVector, TOperator>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TOperator : struct, ITwoNumberOperator<TSimd, TVector>
{
    /// <summary>Shares the work when there is enough of it.</summary>
    public static void Run(Workers workers, float* x, float* y, nint length, float first, float second)
    {
        var job = new Job { X = x, Y = y, Length = length, First = first, Second = second };
        workers.Run(ref job, ElementChunks.Count(length));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(float* x, float* y, nint length, float first, float second)
    {
        TVector p = TSimd.Splat(first);
        TVector q = TSimd.Splat(second);
        int width = TSimd.Count;
        nint i = 0;
        for (; i <= length - (2 * width); i += 2 * width)
        {
            TVector y0 = TOperator.Invoke(*(TVector*)(x + i), p, q);
            TVector y1 = TOperator.Invoke(*(TVector*)(x + i + width), p, q);
            *(TVector*)(y + i) = y0;
            *(TVector*)(y + i + width) = y1;
        }
        for (; i < length; i += width)
        {
            int lanes = (int)Math.Min(width, length - i);
            TSimd.StorePartial(y + i, TOperator.Invoke(TSimd.LoadPartial(x + i, lanes), p, q), lanes);
        }
    }

    private struct Job : IChunkJob<Job>
    {
        public float* X;
        public float* Y;
        public nint Length;
        public float First;
        public float Second;

        public static void Execute(ref Job job, int chunk, Scratch scratch)
        {
            nint start = ElementChunks.Start(chunk);
            Run(job.X + start, job.Y + start, ElementChunks.LengthOf(chunk, job.Length), job.First, job.Second);
        }
    }
}

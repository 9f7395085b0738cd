using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>The one loop of all functions of one operand, y[i] = f(x[i]); y may be x.</summary>
internal static unsafe class UnaryLoop<TSimd, TVector, TOperator>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TOperator : struct, IUnaryOperator<TSimd, TVector>
{
    /// <summary>Runs on the calling thread.</summary>
    /// <remarks>
    /// Two vectors a turn keep two dependency chains in flight. The tail runs the same body under a mask, so that a result never
    /// depends on its element's position.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* x, float* y, nint length, float parameter)
    {
        TVector p = TSimd.Splat(parameter);
        int width = TSimd.Count;
        nint i = 0;
        for (; i <= length - (2 * width); i += 2 * width)
        {
            TVector first = TOperator.Invoke(TSimd.Load(x + i), p);
            TVector second = TOperator.Invoke(TSimd.Load(x + i + width), p);
            TSimd.Store(y + i, first);
            TSimd.Store(y + i + width, second);
        }
        for (; i < length; i += width)
        {
            int lanes = (int)Math.Min(width, length - i);
            TSimd.StorePartial(y + i, TOperator.Invoke(TSimd.LoadPartial(x + i, lanes), p), lanes);
        }
    }

    /// <summary>Shares the work when there is enough of it.</summary>
    public static void Run(Workers workers, float* x, float* y, nint length, float parameter)
    {
        if (length <= ElementChunks.Length)
        {
            Run(x, y, length, parameter);
            return;
        }
        var job = new Job { X = x, Y = y, Length = length, Parameter = parameter };
        workers.Run(ref job, ElementChunks.Count(length));
    }

    private struct Job : IChunkJob<Job>
    {
        public float* X;
        public float* Y;
        public nint Length;
        public float Parameter;

        public static void Execute(ref Job job, int chunk, Scratch scratch)
        {
            nint start = ElementChunks.Start(chunk);
            Run(job.X + start, job.Y + start, ElementChunks.LengthOf(chunk, job.Length), job.Parameter);
        }
    }
}

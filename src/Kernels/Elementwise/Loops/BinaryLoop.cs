using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>The one loop of all functions of two operands, y[i] = f(left[i], right[i]); y may be either of them.</summary>
internal static unsafe class BinaryLoop<TSimd, TVector, TOperator>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TOperator : struct, IBinaryOperator<TSimd, TVector>
{
    /// <summary>Runs on the calling thread; four vectors a turn, because most operators are a single instruction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* left, float* right, float* y, nint length, float parameter)
    {
        TVector p = TSimd.Splat(parameter);
        int width = TSimd.Count;
        nint i = 0;
        for (; i <= length - (4 * width); i += 4 * width)
        {
            TVector y0 = TOperator.Invoke(*(TVector*)(left + i), *(TVector*)(right + i), p);
            TVector y1 = TOperator.Invoke(*(TVector*)(left + i + width), *(TVector*)(right + i + width), p);
            TVector y2 = TOperator.Invoke(*(TVector*)(left + i + (2 * width)), *(TVector*)(right + i + (2 * width)), p);
            TVector y3 = TOperator.Invoke(*(TVector*)(left + i + (3 * width)), *(TVector*)(right + i + (3 * width)), p);
            *(TVector*)(y + i) = y0;
            *(TVector*)(y + i + width) = y1;
            *(TVector*)(y + i + (2 * width)) = y2;
            *(TVector*)(y + i + (3 * width)) = y3;
        }
        for (; i < length; i += width)
        {
            int lanes = (int)Math.Min(width, length - i);
            TVector value = TOperator.Invoke(TSimd.LoadPartial(left + i, lanes), TSimd.LoadPartial(right + i, lanes), p);
            TSimd.StorePartial(y + i, value, lanes);
        }
    }

    /// <summary>Shares the work when there is enough of it.</summary>
    public static void Run(Workers workers, float* left, float* right, float* y, nint length, float parameter)
    {
        if (length <= ElementChunks.Length)
        {
            Run(left, right, y, length, parameter);
            return;
        }
        int chunkLength = ElementChunks.LengthFor(length, ElementChunks.Length);
        var job = new Job { Left = left, Right = right, Y = y, Length = length, ChunkLength = chunkLength, Parameter = parameter };
        workers.Run(ref job, ElementChunks.Count(length, chunkLength));
    }

    private struct Job : IChunkJob<Job>
    {
        public float* Left;
        public float* Right;
        public float* Y;
        public nint Length;
        public int ChunkLength;
        public float Parameter;

        public static void Execute(ref Job job, int chunk, Scratch scratch)
        {
            nint start = ElementChunks.Start(chunk, job.ChunkLength);
            Run(job.Left + start, job.Right + start, job.Y + start, ElementChunks.LengthOf(chunk, job.Length, job.ChunkLength), job.Parameter);
        }
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>The one loop of all functions of one operand, y[i] = f(x[i]); y may be x.</summary>
internal static unsafe class UnaryLoop<TSimd, TVector, TOperator>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TOperator : struct, IUnaryOperator<TSimd, TVector>
{
    private static int LeastChunk => TOperator.IsShort ? ElementChunks.Length : ElementChunks.LongFunctionLength;

    /// <summary>Runs on the calling thread.</summary>
    /// <remarks>
    /// Four vectors a turn where a function is a few instructions. Of a longer one, one vector a turn: the compiler keeps its constants in registers only then
    /// (1.15 times the speed of two a turn for eˣ and tanh), and the processor overlaps the turns itself. The tail runs the same body under a
    /// mask, so that a result never depends on its element's position. Never inlined: into the thread team's call of a chunk the compiler put the loop, but not
    /// the function, which it called for each vector instead (tanh of a million numbers on two threads took 1.5 times as long).
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(float* x, float* y, nint length, float parameter)
    {
        nint i = TOperator.IsShort ? RunFours(x, y, length, parameter) : 0;
        TVector p = TSimd.Splat(parameter);
        int width = TSimd.Count;
        for (; i <= length - width; i += width)
            *(TVector*)(y + i) = TOperator.Invoke(*(TVector*)(x + i), p);
        if (i < length)
        {
            int lanes = (int)(length - i);
            TSimd.StorePartial(y + i, TOperator.Invoke(TSimd.LoadPartial(x + i, lanes), p), lanes);
        }
    }

    // Four vectors a turn; returns how far it came. On its own, because the compiler learns only after inlining a function four times that it is not short.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint RunFours(float* x, float* y, nint length, float parameter)
    {
        TVector p = TSimd.Splat(parameter);
        int width = TSimd.Count;
        nint i = 0;
        for (; i <= length - (4 * width); i += 4 * width)
        {
            TVector y0 = TOperator.Invoke(*(TVector*)(x + i), p);
            TVector y1 = TOperator.Invoke(*(TVector*)(x + i + width), p);
            TVector y2 = TOperator.Invoke(*(TVector*)(x + i + (2 * width)), p);
            TVector y3 = TOperator.Invoke(*(TVector*)(x + i + (3 * width)), p);
            *(TVector*)(y + i) = y0;
            *(TVector*)(y + i + width) = y1;
            *(TVector*)(y + i + (2 * width)) = y2;
            *(TVector*)(y + i + (3 * width)) = y3;
        }
        return i;
    }

    /// <summary>Shares the work when there is enough of it: two chunks.</summary>
    public static void Run(Workers workers, float* x, float* y, nint length, float parameter)
    {
        if (length < 2 * LeastChunk)
        {
            Run(x, y, length, parameter);
            return;
        }
        var job = new Job { X = x, Y = y, Length = length, ChunkLength = ElementChunks.LengthFor(length, LeastChunk), Parameter = parameter };
        workers.Run(ref job, ElementChunks.Count(length, job.ChunkLength));
    }

    private struct Job : IChunkJob<Job>
    {
        public float* X;
        public float* Y;
        public nint Length;
        public int ChunkLength;
        public float Parameter;

        public static void Execute(ref Job job, int chunk, Scratch scratch)
        {
            nint start = ElementChunks.Start(chunk, job.ChunkLength);
            Run(job.X + start, job.Y + start, ElementChunks.LengthOf(chunk, job.Length, job.ChunkLength), job.Parameter);
        }
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>dx[i] (+)= f′ · dy[i]; dx may be dy.</summary>
internal static unsafe class UnaryDerivativeLoop<TSimd, TVector, TDerivative>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TDerivative : struct, IUnaryDerivative<TSimd, TVector>
{
    /// <summary>Shares the work when there is enough of it.</summary>
    public static void Run(Workers workers, float* x, float* y, float* dy, float* dx, nint length, bool accumulate, float first, float second)
    {
        var job = new Job { X = x, Y = y, OutputGradient = dy, InputGradient = dx, Length = length, Accumulate = accumulate, First = first, Second = second };
        workers.Run(ref job, ElementChunks.Count(length));
    }

    private struct Job : IChunkJob<Job>
    {
        public float* X;
        public float* Y;
        public float* OutputGradient;
        public float* InputGradient;
        public nint Length;
        public bool Accumulate;
        public float First;
        public float Second;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Execute(ref Job job, int chunk, Scratch scratch)
        {
            nint start = ElementChunks.Start(chunk);
            nint length = ElementChunks.LengthOf(chunk, job.Length);
            float* x = job.X + start;
            float* y = job.Y + start;
            float* dy = job.OutputGradient + start;
            float* dx = job.InputGradient + start;
            bool accumulate = job.Accumulate;
            TVector first = TSimd.Splat(job.First);
            TVector second = TSimd.Splat(job.Second);
            int width = TSimd.Count;
            nint i = 0;
            for (; i <= length - width; i += width)
            {
                TVector value = TSimd.Multiply(*(TVector*)(dy + i), TDerivative.Invoke(*(TVector*)(x + i), *(TVector*)(y + i), first, second));
                *(TVector*)(dx + i) = accumulate ? TSimd.Add(*(TVector*)(dx + i), value) : value;
            }
            if (i < length)
            {
                int lanes = (int)(length - i);
                TVector value = TDerivative.Invoke(TSimd.LoadPartial(x + i, lanes), TSimd.LoadPartial(y + i, lanes), first, second);
                value = TSimd.Multiply(TSimd.LoadPartial(dy + i, lanes), value);
                TSimd.StorePartial(dx + i, accumulate ? TSimd.Add(TSimd.LoadPartial(dx + i, lanes), value) : value, lanes);
            }
        }
    }
}

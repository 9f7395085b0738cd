using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>y[i] = x[i] where x[i] &gt; threshold, else a value; and its gradient, which follows dy where x did.</summary>
internal static unsafe class ThresholdLoop<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static void Forward(Workers workers, float* x, float* y, nint length, float threshold, float value)
    {
        var job = new ForwardJob { X = x, Y = y, Length = length, Threshold = threshold, Value = value };
        workers.Run(ref job, ElementChunks.Count(length));
    }

    public static void Backward(Workers workers, float* x, float* dy, float* dx, nint length, float threshold, bool accumulate)
    {
        var job = new BackwardJob { X = x, OutputGradient = dy, InputGradient = dx, Length = length, Threshold = threshold, Accumulate = accumulate };
        workers.Run(ref job, ElementChunks.Count(length));
    }

    // A NaN is not above the threshold; x = x tells it from the numbers below, so that it stays NaN.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardChunk(float* x, float* y, nint length, float threshold, float value)
    {
        TVector limit = TSimd.Splat(threshold);
        TVector otherwise = TSimd.Splat(value);
        for (nint i = 0; i < length; i += TSimd.Count)
        {
            int lanes = (int)Math.Min(TSimd.Count, length - i);
            TVector input = TSimd.LoadPartial(x + i, lanes);
            TVector below = TSimd.Select(TSimd.Equal(input, input), otherwise, input);
            TSimd.StorePartial(y + i, TSimd.Select(TSimd.GreaterThan(input, limit), input, below), lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardChunk(float* x, float* dy, float* dx, nint length, float threshold, bool accumulate)
    {
        TVector limit = TSimd.Splat(threshold);
        for (nint i = 0; i < length; i += TSimd.Count)
        {
            int lanes = (int)Math.Min(TSimd.Count, length - i);
            TVector gradient = TSimd.Select(TSimd.GreaterThan(TSimd.LoadPartial(x + i, lanes), limit), TSimd.LoadPartial(dy + i, lanes), default(TVector));
            if (accumulate)
                gradient = TSimd.Add(TSimd.LoadPartial(dx + i, lanes), gradient);
            TSimd.StorePartial(dx + i, gradient, lanes);
        }
    }

    private struct ForwardJob : IChunkJob<ForwardJob>
    {
        public float* X;
        public float* Y;
        public nint Length;
        public float Threshold;
        public float Value;

        public static void Execute(ref ForwardJob job, int chunk, Scratch scratch)
        {
            nint start = ElementChunks.Start(chunk);
            ForwardChunk(job.X + start, job.Y + start, ElementChunks.LengthOf(chunk, job.Length), job.Threshold, job.Value);
        }
    }

    private struct BackwardJob : IChunkJob<BackwardJob>
    {
        public float* X;
        public float* OutputGradient;
        public float* InputGradient;
        public nint Length;
        public float Threshold;
        public bool Accumulate;

        public static void Execute(ref BackwardJob job, int chunk, Scratch scratch)
        {
            nint start = ElementChunks.Start(chunk);
            nint length = ElementChunks.LengthOf(chunk, job.Length);
            BackwardChunk(job.X + start, job.OutputGradient + start, job.InputGradient + start, length, job.Threshold, job.Accumulate);
        }
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Max pooling, vectors along the channels; one chunk a sequence.</summary>
internal static unsafe class MaxPooling1DLoop<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public static void Run(Workers workers, in Pool1DShape shape, float* x, float* y, int* argMax)
    {
        var job = new Job { Shape = shape, X = x, Y = y, ArgMax = argMax };
        workers.Run(ref job, shape.Batch);
    }

    // One window: the running maximum and, as a float lane, the step inside the window at which it was found.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Window(float* x, float* y, int* argMax, int steps, int channels, int position)
    {
        int width = TSimd.Count;
        float* places = stackalloc float[64];
        for (int c = 0; c < channels; c += width)
        {
            int lanes = Math.Min(width, channels - c);
            TVector best = TSimd.LoadPartial(x + c, lanes);
            TVector where = TSimd.Zero;
            float* next = x + c + channels;
            for (int k = 1; k < steps; k++, next += channels)
            {
                TVector value = TSimd.LoadPartial(next, lanes);
                // Larger, or the first NaN: neither "value ≤ best" nor best already NaN.
                TVector isNumber = TSimd.Equal(value, value);
                TVector bestIsNumber = TSimd.Equal(best, best);
                TVector takes = TSimd.Select(isNumber, TSimd.GreaterThan(value, best), bestIsNumber);
                best = TSimd.Select(takes, value, best);
                where = TSimd.Select(takes, TSimd.Splat(k), where);
            }
            TSimd.StorePartial(y + c, best, lanes);
            if (argMax == null)
                continue;
            TSimd.Store(places, where);
            for (int i = 0; i < lanes; i++)
                argMax[c + i] = position + c + i + ((int)places[i] * channels);
        }
    }

    private struct Job : IChunkJob<Job>
    {
        public Pool1DShape Shape;
        public float* X;
        public float* Y;
        public int* ArgMax;

        public static void Execute(ref Job job, int chunk, Scratch scratch)
        {
            Pool1DShape s = job.Shape;
            for (int o = 0; o < s.OutputLength; o++)
            {
                long start = ((long)o * s.Stride) - s.PaddingBefore;
                int first = (int)Math.Max(start, 0);
                int steps = (int)Math.Min(start + s.PoolSize, s.Length) - first;
                int position = ((chunk * s.Length) + first) * s.Channels;
                nint output = (((nint)chunk * s.OutputLength) + o) * s.Channels;
                int* argMax = job.ArgMax == null ? null : job.ArgMax + output;
                Window(job.X + position, job.Y + output, argMax, steps, s.Channels, position);
            }
        }
    }
}

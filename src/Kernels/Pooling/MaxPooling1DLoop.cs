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

    // One window: the running maximum and, as the bits of integers, the position at which it was found.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Window(float* x, float* y, int* argMax, int steps, int channels, int position)
    {
        int width = TSimd.Count;
        int c = 0;
        for (; c <= channels - width; c += width)
        {
            TVector best = TSimd.Load(x + c);
            TVector where = TSimd.CountUpUInt32((uint)(position + c));
            for (int k = 1; k < steps; k++)
            {
                nint next = c + ((nint)k * channels);
                TVector value = TSimd.Load(x + next);
                TVector takes = Takes(value, best);
                best = TSimd.Select(takes, value, best);
                where = TSimd.Select(takes, TSimd.CountUpUInt32((uint)(position + next)), where);
            }
            TSimd.Store(y + c, best);
            if (argMax != null)
                TSimd.Store((float*)(argMax + c), where);
        }
        if (c < channels)
        {
            int lanes = channels - c;
            TVector best = TSimd.LoadPartial(x + c, lanes);
            TVector where = TSimd.CountUpUInt32((uint)(position + c));
            for (int k = 1; k < steps; k++)
            {
                nint next = c + ((nint)k * channels);
                TVector value = TSimd.LoadPartial(x + next, lanes);
                TVector takes = Takes(value, best);
                best = TSimd.Select(takes, value, best);
                where = TSimd.Select(takes, TSimd.CountUpUInt32((uint)(position + next)), where);
            }
            TSimd.StorePartial(y + c, best, lanes);
            if (argMax != null)
                TSimd.StorePartial((float*)(argMax + c), where, lanes);
        }
    }

    /// <summary>Larger, or the first NaN: neither "value ≤ best" nor best already NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Takes(TVector value, TVector best)
        => TSimd.Select(TSimd.Equal(value, value), TSimd.GreaterThan(value, best), TSimd.Equal(best, best));

    private struct Job : IChunkJob<Job>
    {
        public Pool1DShape Shape;
        public float* X;
        public float* Y;
        public int* ArgMax;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Execute(ref Job job, int chunk, Scratch scratch)
        {
            Pool1DShape s = job.Shape;
            for (int o = 0; o < s.OutputLength; o++)
            {
                (int first, int steps) = s.StepsOf(o);
                int position = ((chunk * s.Length) + first) * s.Channels;
                nint output = (((nint)chunk * s.OutputLength) + o) * s.Channels;
                int* argMax = job.ArgMax == null ? null : job.ArgMax + output;
                Window(job.X + position, job.Y + output, argMax, steps, s.Channels, position);
            }
        }
    }
}

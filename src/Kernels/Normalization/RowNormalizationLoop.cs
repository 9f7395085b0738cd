using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Forward over chunks of rows: a row is read from memory once, measured twice in L1 and written.</summary>
internal static unsafe class RowNormalizationLoop<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public static void Run(Workers workers, in RowNormalizationShape shape, float* x, float* gamma, float* beta, float* y, float* statistics)
    {
        var job = new Job { Shape = shape, X = x, Gamma = gamma, Beta = beta, Y = y, Statistics = statistics };
        job.RowsPerChunk = Math.Max(1, ElementChunks.Length / Math.Max(1, shape.Width));
        workers.Run(ref job, (int)(((long)shape.Rows + job.RowsPerChunk - 1) / job.RowsPerChunk));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Write(float* x, int width, float* statistics, float* gamma, float* beta, float* y)
    {
        TVector centre = TSimd.Splat(statistics[0]);
        TVector scale = TSimd.Splat(statistics[1]);
        TVector shift = TSimd.Splat(statistics[2]);
        int step = TSimd.Count;
        int i = 0;
        for (; i <= width - step; i += step)
        {
            TVector value = TSimd.MultiplyAdd(TSimd.Subtract(TSimd.Load(x + i), centre), scale, shift);
            if (gamma != null)
                value = TSimd.Multiply(value, TSimd.Load(gamma + i));
            if (beta != null)
                value = TSimd.Add(value, TSimd.Load(beta + i));
            TSimd.Store(y + i, value);
        }
        if (i < width)
        {
            int lanes = width - i;
            TVector value = TSimd.MultiplyAdd(TSimd.Subtract(TSimd.LoadPartial(x + i, lanes), centre), scale, shift);
            if (gamma != null)
                value = TSimd.Multiply(value, TSimd.LoadPartial(gamma + i, lanes));
            if (beta != null)
                value = TSimd.Add(value, TSimd.LoadPartial(beta + i, lanes));
            TSimd.StorePartial(y + i, value, lanes);
        }
    }

    private struct Job : IChunkJob<Job>
    {
        public RowNormalizationShape Shape;
        public float* X;
        public float* Gamma;
        public float* Beta;
        public float* Y;
        public float* Statistics;
        public int RowsPerChunk;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Execute(ref Job job, int chunk, Scratch scratch)
        {
            int width = job.Shape.Width;
            int first = chunk * job.RowsPerChunk;
            int last = (int)Math.Min(job.Shape.Rows, (long)first + job.RowsPerChunk);
            for (int row = first; row < last; row++)
            {
                nint start = (nint)row * width;
                float* statistics = job.Statistics + ((nint)row * RowNormalizationShape.StatisticsOfRow);
                RowMoments<TSimd, TVector>.Measure(job.Shape, job.X + start, statistics);
                Write(job.X + start, width, statistics, job.Gamma, job.Beta, job.Y + start);
            }
        }
    }
}

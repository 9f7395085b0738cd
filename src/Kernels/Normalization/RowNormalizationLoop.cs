using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Forward over chunks of rows: a row is read from memory once, measured twice in L1 and written; four rows of a layer normalisation at a time.</summary>
internal static unsafe class RowNormalizationLoop<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // How far ahead short rows are asked for. Between two rows the processor waits for sums and a root, and its own fetching stops at every page: without this
    // 3200 rows of 128 took 1.2 times as long. Rows of 1024 it fetches well enough alone.
    private const int FloatsAhead = 1024;
    private const int RowsAtOnce = 4;

    public static void Run(Workers workers, in RowNormalizationShape shape, float* x, float* gamma, float* beta, float* y, float* statistics)
    {
        var job = new Job { Shape = shape, X = x, Gamma = gamma, Beta = beta, Y = y, Statistics = statistics };
        job.RowsPerChunk = Math.Max(1, ElementChunks.Length / Math.Max(1, shape.Width));
        workers.Run(ref job, (int)(((long)shape.Rows + job.RowsPerChunk - 1) / job.RowsPerChunk));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Write<TAffine>(float* x, int width, float* statistics, float* gamma, float* beta, float* y)
        where TAffine : struct, IOption
    {
        TVector centre = TSimd.Splat(statistics[0]);
        TVector scale = TSimd.Splat(statistics[1]);
        TVector shift = TSimd.Splat(statistics[2]);
        int step = TSimd.Count;
        int i = 0;
        for (; i <= width - step; i += step)
        {
            TVector value = TSimd.MultiplyAdd(TSimd.Subtract(*(TVector*)(x + i), centre), scale, shift);
            if (TAffine.Value)
                value = TSimd.MultiplyAdd(value, *(TVector*)(gamma + i), *(TVector*)(beta + i));
            else if (gamma != null)
                value = TSimd.Multiply(value, *(TVector*)(gamma + i));
            else if (beta != null)
                value = TSimd.Add(value, *(TVector*)(beta + i));
            *(TVector*)(y + i) = value;
        }
        if (i < width)
        {
            int lanes = width - i;
            TVector value = TSimd.MultiplyAdd(TSimd.Subtract(TSimd.LoadPartial(x + i, lanes), centre), scale, shift);
            if (TAffine.Value)
                value = TSimd.MultiplyAdd(value, TSimd.LoadPartial(gamma + i, lanes), TSimd.LoadPartial(beta + i, lanes));
            else if (gamma != null)
                value = TSimd.Multiply(value, TSimd.LoadPartial(gamma + i, lanes));
            else if (beta != null)
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
            int rowsAtOnce = job.Shape.Statistic == RowStatistic.Deviation && width <= ReductionLoop.Block && TSimd.Count > 1 ? RowsAtOnce : 1;
            bool asksAhead = RowsAtOnce * width <= FloatsAhead;
            for (int row = first; row < last; row += rowsAtOnce)
            {
                int rows = Math.Min(rowsAtOnce, last - row);
                float* x = job.X + ((nint)row * width);
                float* statistics = job.Statistics + ((nint)row * RowNormalizationShape.StatisticsOfRow);
                if (asksAhead)
                    CacheHint.RowToL1(x + FloatsAhead, rows * width);
                if (rowsAtOnce > 1)
                    RowMoments<TSimd, TVector>.MeasureFour(job.Shape, x, rows, statistics);
                else
                    RowMoments<TSimd, TVector>.Measure(job.Shape, x, statistics);
                for (int i = 0; i < rows; i++)
                {
                    nint start = (nint)(row + i) * width;
                    float* own = statistics + (i * RowNormalizationShape.StatisticsOfRow);
                    if (job.Gamma != null && job.Beta != null)
                        Write<Yes>(job.X + start, width, own, job.Gamma, job.Beta, job.Y + start);
                    else
                        Write<No>(job.X + start, width, own, job.Gamma, job.Beta, job.Y + start);
                }
            }
        }
    }
}

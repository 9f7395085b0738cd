using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Softmax and log-softmax over rows.</summary>
internal static unsafe class SoftmaxLoop<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static void Forward(Workers workers, int rows, int classes, float* x, float* y, bool logarithm)
    {
        int perChunk = SoftmaxRow<TSimd, TVector>.RowsPerChunk(classes);
        var job = new ForwardJob { X = x, Y = y, Rows = rows, Classes = classes, RowsPerChunk = perChunk, Logarithm = logarithm };
        workers.Run(ref job, (rows + perChunk - 1) / perChunk);
    }

    public static void Backward(Workers workers, int rows, int classes, float* y, float* dy, float* dx, bool accumulate, bool logarithm)
    {
        int perChunk = SoftmaxRow<TSimd, TVector>.RowsPerChunk(classes);
        var job = new BackwardJob
        {
            Y = y, OutputGradient = dy, InputGradient = dx, Rows = rows, Classes = classes, RowsPerChunk = perChunk, Accumulate = accumulate, Logarithm = logarithm,
        };
        workers.Run(ref job, (rows + perChunk - 1) / perChunk);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardShortRows(float* x, float* y, int rows, int classes)
    {
        for (; rows > 0; rows--)
        {
            SoftmaxRow<TSimd, TVector>.Short(x, y, classes, out _);
            x += classes;
            y += classes;
        }
    }

    // Neither this nor the next one is compiled into the job and its callers: 1,000 classes took 1.4 times as long there.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void LogForwardShortRows(float* x, float* y, int rows, int classes)
    {
        for (; rows > 0; rows--)
        {
            SoftmaxRow<TSimd, TVector>.LogShort(x, y, classes);
            x += classes;
            y += classes;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void LogForwardRow(float* x, float* y, int classes)
    {
        // Shift first, then the logarithm: x − m is exact where the result is small, and no large numbers are added up.
        float max = SoftmaxRow<TSimd, TVector>.Max(x, classes);
        float log = SoftmaxRow<TSimd, TVector>.Log(SoftmaxRow<TSimd, TVector>.SumOfExp(x, classes, max));
        TVector shift = TSimd.Splat(max);
        TVector logOfSum = TSimd.Splat(log);
        int width = TSimd.Count;
        for (int c = 0; c < classes; c += width)
        {
            int lanes = Math.Min(width, classes - c);
            TSimd.StorePartial(y + c, TSimd.Subtract(TSimd.Subtract(TSimd.LoadPartial(x + c, lanes), shift), logOfSum), lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardRow(float* y, float* dy, float* dx, int classes, bool accumulate)
    {
        TVector dot = TSimd.Splat(SoftmaxRow<TSimd, TVector>.Dot(y, dy, classes));
        int width = TSimd.Count;
        for (int c = 0; c < classes; c += width)
        {
            int lanes = Math.Min(width, classes - c);
            TVector value = TSimd.Multiply(TSimd.LoadPartial(y + c, lanes), TSimd.Subtract(TSimd.LoadPartial(dy + c, lanes), dot));
            if (accumulate)
                value = TSimd.Add(TSimd.LoadPartial(dx + c, lanes), value);
            TSimd.StorePartial(dx + c, value, lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LogBackwardRow(float* y, float* dy, float* dx, int classes, bool accumulate)
    {
        TVector sum = TSimd.Splat((float)ReductionLoop<TSimd, TVector, SumReduction<TSimd, TVector>>.Run(dy, classes));
        int width = TSimd.Count;
        for (int c = 0; c < classes; c += width)
        {
            int lanes = Math.Min(width, classes - c);
            TVector p = VectorMath<TSimd, TVector>.Exp(TSimd.LoadPartial(y + c, lanes));
            TVector value = TSimd.Subtract(TSimd.LoadPartial(dy + c, lanes), TSimd.Multiply(p, sum));
            if (accumulate)
                value = TSimd.Add(TSimd.LoadPartial(dx + c, lanes), value);
            TSimd.StorePartial(dx + c, value, lanes);
        }
    }

    private struct ForwardJob : IChunkJob<ForwardJob>
    {
        public float* X;
        public float* Y;
        public int Rows;
        public int Classes;
        public int RowsPerChunk;
        public bool Logarithm;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Execute(ref ForwardJob job, int chunk, Scratch scratch)
        {
            int first = chunk * job.RowsPerChunk;
            int last = Math.Min(job.Rows, first + job.RowsPerChunk);
            if (job.Classes <= TSimd.Count)
            {
                nint start = (nint)first * job.Classes;
                if (job.Logarithm)
                    LogForwardShortRows(job.X + start, job.Y + start, last - first, job.Classes);
                else
                    ForwardShortRows(job.X + start, job.Y + start, last - first, job.Classes);
                return;
            }
            for (int r = first; r < last; r++)
            {
                nint start = (nint)r * job.Classes;
                if (job.Logarithm)
                    LogForwardRow(job.X + start, job.Y + start, job.Classes);
                else
                    SoftmaxRow<TSimd, TVector>.Long(job.X + start, job.Y + start, job.Classes, out _);
            }
        }
    }

    private struct BackwardJob : IChunkJob<BackwardJob>
    {
        public float* Y;
        public float* OutputGradient;
        public float* InputGradient;
        public int Rows;
        public int Classes;
        public int RowsPerChunk;
        public bool Accumulate;
        public bool Logarithm;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Execute(ref BackwardJob job, int chunk, Scratch scratch)
        {
            int last = Math.Min(job.Rows, (chunk + 1) * job.RowsPerChunk);
            for (int r = chunk * job.RowsPerChunk; r < last; r++)
            {
                nint start = (nint)r * job.Classes;
                if (job.Logarithm)
                    LogBackwardRow(job.Y + start, job.OutputGradient + start, job.InputGradient + start, job.Classes, job.Accumulate);
                else
                    BackwardRow(job.Y + start, job.OutputGradient + start, job.InputGradient + start, job.Classes, job.Accumulate);
            }
        }
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Sparsemax over rows: the point of the simplex nearest to the row.</summary>
/// <remarks>
/// No sorting: start with all entries that can survive, τ = (Σ − 1) / count, drop those that τ leaves behind, repeat until none is dropped.
/// A dropped entry lay below the final τ too, for τ only grows; a few passes suffice. Source: Michelot, 1986.
/// </remarks>
internal static unsafe class SparsemaxLoop<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static void Forward(Workers workers, int rows, int classes, float* x, float* y)
    {
        int perChunk = SoftmaxRow<TSimd, TVector>.RowsPerChunk(classes);
        var job = new ForwardJob { X = x, Y = y, Rows = rows, Classes = classes, RowsPerChunk = perChunk };
        workers.Run(ref job, (rows + perChunk - 1) / perChunk);
    }

    public static void Backward(Workers workers, int rows, int classes, float* y, float* dy, float* dx, bool accumulate)
    {
        int perChunk = SoftmaxRow<TSimd, TVector>.RowsPerChunk(classes);
        var job = new BackwardJob { Y = y, OutputGradient = dy, InputGradient = dx, Rows = rows, Classes = classes, RowsPerChunk = perChunk, Accumulate = accumulate };
        workers.Run(ref job, (rows + perChunk - 1) / perChunk);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardRow(float* x, float* y, int classes)
    {
        float max = (float)ReductionLoop<TSimd, TVector, MaxReduction<TSimd, TVector>>.Run(x, classes);
        TVector shift = TSimd.Splat(float.IsFinite(max) ? max : float.NaN);
        // Of the shifted row only entries above −1 can survive: the largest is 0 and alone makes τ = −1.
        float threshold = -1f;
        float survivors = float.PositiveInfinity;
        while (true)
        {
            (float sum, float count) = Above(x, x, classes, shift, TSimd.Splat(threshold));
            // The count falls with every pass but the last; a NaN row has none and ends at once.
            if (!(count < survivors) || count == 0)
                break;
            survivors = count;
            threshold = (sum - 1f) / count;
        }
        TVector tau = TSimd.Splat(threshold);
        for (int c = 0; c < classes; c += TSimd.Count)
        {
            int lanes = Math.Min(TSimd.Count, classes - c);
            TVector value = TSimd.Subtract(TSimd.Subtract(TSimd.LoadPartial(x + c, lanes), shift), tau);
            TSimd.StorePartial(y + c, TSimd.MaxNative(default(TVector), value), lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardRow(float* y, float* dy, float* dx, int classes, bool accumulate)
    {
        (float sum, float count) = Above(y, dy, classes, default(TVector), default(TVector));
        TVector mean = TSimd.Splat(sum / count);
        for (int c = 0; c < classes; c += TSimd.Count)
        {
            int lanes = Math.Min(TSimd.Count, classes - c);
            TVector survives = TSimd.GreaterThan(TSimd.LoadPartial(y + c, lanes), default(TVector));
            TVector value = TSimd.Select(survives, TSimd.Subtract(TSimd.LoadPartial(dy + c, lanes), mean), default(TVector));
            if (accumulate)
                value = TSimd.Add(TSimd.LoadPartial(dx + c, lanes), value);
            TSimd.StorePartial(dx + c, value, lanes);
        }
    }

    // How many entries of `x − shift` lie above the threshold, and the sum of `values − shift` there.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (float Sum, float Count) Above(float* x, float* values, int classes, TVector shift, TVector threshold)
    {
        TVector one = TSimd.Splat(1f);
        TVector sum = default;
        TVector count = default;
        for (int c = 0; c < classes; c += TSimd.Count)
        {
            int lanes = Math.Min(TSimd.Count, classes - c);
            TVector above = TSimd.GreaterThan(TSimd.Subtract(TSimd.LoadPartial(x + c, lanes), shift), threshold);
            above = TSimd.BitAnd(above, TSimd.FirstLanes(lanes));
            sum = TSimd.Add(sum, TSimd.Select(above, TSimd.Subtract(TSimd.LoadPartial(values + c, lanes), shift), default(TVector)));
            count = TSimd.Add(count, TSimd.BitAnd(above, one));
        }
        return (TSimd.Sum(sum), TSimd.Sum(count));
    }

    private struct ForwardJob : IChunkJob<ForwardJob>
    {
        public float* X;
        public float* Y;
        public int Rows;
        public int Classes;
        public int RowsPerChunk;

        public static void Execute(ref ForwardJob job, int chunk, Scratch scratch)
        {
            int last = Math.Min(job.Rows, (chunk + 1) * job.RowsPerChunk);
            for (int r = chunk * job.RowsPerChunk; r < last; r++)
                ForwardRow(job.X + ((nint)r * job.Classes), job.Y + ((nint)r * job.Classes), job.Classes);
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

        public static void Execute(ref BackwardJob job, int chunk, Scratch scratch)
        {
            int last = Math.Min(job.Rows, (chunk + 1) * job.RowsPerChunk);
            for (int r = chunk * job.RowsPerChunk; r < last; r++)
            {
                nint start = (nint)r * job.Classes;
                BackwardRow(job.Y + start, job.OutputGradient + start, job.InputGradient + start, job.Classes, job.Accumulate);
            }
        }
    }
}

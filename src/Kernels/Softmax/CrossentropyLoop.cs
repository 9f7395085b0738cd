using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Softmax with cross-entropy over rows; targets are ids (sparse) or rows of their own (dense).</summary>
internal static unsafe class CrossentropyLoop<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static void Forward(Workers workers, int rows, int classes, float* logits, float* targets, float* probabilities, float* losses, bool sparse)
    {
        int perChunk = SoftmaxRow<TSimd, TVector>.RowsPerChunk(classes);
        var job = new ForwardJob
        {
            Logits = logits, Targets = targets, Probabilities = probabilities, Losses = losses, Rows = rows, Classes = classes, RowsPerChunk = perChunk, Sparse = sparse,
        };
        workers.Run(ref job, (rows + perChunk - 1) / perChunk);
    }

    public static void Backward(
        Workers workers, int rows, int classes, float* probabilities, float* targets, float* scale, float* dlogits, bool accumulate, bool sparse)
    {
        int perChunk = SoftmaxRow<TSimd, TVector>.RowsPerChunk(classes);
        var job = new BackwardJob
        {
            Probabilities = probabilities, Targets = targets, Scale = scale, Gradient = dlogits, Rows = rows, Classes = classes, RowsPerChunk = perChunk,
            Accumulate = accumulate, Sparse = sparse,
        };
        workers.Run(ref job, (rows + perChunk - 1) / perChunk);
    }

    // One loop for rows of one vector and one for longer ones: a maximum that either may write lives in memory, and the row waits for it there. Not inlined:
    // above it the compiler has no room left, and keeps the pointers in memory too (256 rows of 10 took 1.3 times as long with both).
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Probabilities<TShort>(float* logits, float* labels, float* probabilities, int rows, int classes, float* sums, float* shifted)
        where TShort : struct, IOption
    {
        for (int row = 0; row < rows; row++)
        {
            // Before the probabilities may overwrite it.
            float label = logits[(int)labels[row]];
            float max;
            sums[row] = TShort.Value
                ? SoftmaxRow<TSimd, TVector>.Short(logits, probabilities, classes, out max)
                : SoftmaxRow<TSimd, TVector>.Long(logits, probabilities, classes, out max);
            shifted[row] = label - max;
            logits += classes;
            probabilities += classes;
        }
    }

    // Rows of one vector with targets of their own: Σ exp, Σ t and Σ t (x − m), from the logits before the probabilities may overwrite them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void DenseShort(float* logits, float* targets, float* probabilities, int rows, int classes, float* sums, float* totals, float* shifted)
    {
        TVector within = TSimd.FirstLanes(classes);
        for (int row = 0; row < rows; row++)
        {
            TVector target = TSimd.LoadPartial(targets, classes);
            sums[row] = SoftmaxRow<TSimd, TVector>.ShortFromDifference(logits, probabilities, classes, out TVector difference);
            totals[row] = TSimd.Sum(target);
            shifted[row] = TSimd.Sum(TSimd.Select(within, TSimd.Multiply(target, difference), default(TVector)));
            logits += classes;
            targets += classes;
            probabilities += classes;
        }
    }

    // Σ t (log − (x − m)), from the logits before the probabilities may overwrite them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float DenseLoss(float* logits, float* targets, int classes, float max, float log)
    {
        TVector shift = TSimd.Splat(max);
        TVector logOfSum = TSimd.Splat(log);
        TVector sum = default;
        int width = TSimd.Count;
        for (int c = 0; c < classes; c += width)
        {
            int lanes = Math.Min(width, classes - c);
            TVector loss = TSimd.Subtract(logOfSum, TSimd.Subtract(TSimd.LoadPartial(logits + c, lanes), shift));
            TVector term = TSimd.Multiply(TSimd.LoadPartial(targets + c, lanes), loss);
            sum = TSimd.Add(sum, TSimd.Select(TSimd.FirstLanes(lanes), term, default(TVector)));
        }
        return TSimd.Sum(sum);
    }

    // scale (p Σt − t); sparse rows have no targets here and Σt = 1.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GradientRow(float* probabilities, float* targets, float sumOfTargets, float scale, float* gradient, int classes, bool accumulate)
    {
        TVector s = TSimd.Splat(scale);
        TVector total = TSimd.Splat(sumOfTargets);
        int width = TSimd.Count;
        for (int c = 0; c < classes; c += width)
        {
            int lanes = Math.Min(width, classes - c);
            TVector value = TSimd.LoadPartial(probabilities + c, lanes);
            if (targets != null)
                value = TSimd.Subtract(TSimd.Multiply(value, total), TSimd.LoadPartial(targets + c, lanes));
            value = TSimd.Multiply(value, s);
            if (accumulate)
                value = TSimd.Add(TSimd.LoadPartial(gradient + c, lanes), value);
            TSimd.StorePartial(gradient + c, value, lanes);
        }
    }

    // The same for rows of one vector, whose targets are summed in passing.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void DenseGradients(float* probabilities, float* targets, float* scale, float* gradient, int rows, int classes, bool accumulate)
    {
        for (int row = 0; row < rows; row++)
        {
            TVector target = TSimd.LoadPartial(targets, classes);
            TVector value = TSimd.Multiply(TSimd.LoadPartial(probabilities, classes), TSimd.Splat(TSimd.Sum(target)));
            value = TSimd.Multiply(TSimd.Subtract(value, target), TSimd.Splat(scale[row]));
            if (accumulate)
                value = TSimd.Add(TSimd.LoadPartial(gradient, classes), value);
            TSimd.StorePartial(gradient, value, classes);
            probabilities += classes;
            targets += classes;
            gradient += classes;
        }
    }

    private struct ForwardJob : IChunkJob<ForwardJob>
    {
        public float* Logits;
        public float* Targets;
        public float* Probabilities;
        public float* Losses;
        public int Rows;
        public int Classes;
        public int RowsPerChunk;
        public bool Sparse;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Execute(ref ForwardJob job, int chunk, Scratch scratch)
        {
            int first = chunk * job.RowsPerChunk;
            int last = Math.Min(job.Rows, first + job.RowsPerChunk);
            if (job.Sparse)
                WithLabels(job, first, last - first, scratch.Rent(2 * AlignedBuffer.RoundUp(last - first)));
            else if (job.Classes <= TSimd.Count)
                WithShortRows(job, first, last - first, scratch.Rent(3 * AlignedBuffer.RoundUp(last - first)));
            else
                WithRows(job, first, last);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void WithShortRows(in ForwardJob job, int first, int rows, float* sums)
        {
            float* totals = sums + AlignedBuffer.RoundUp(rows);
            float* shifted = totals + AlignedBuffer.RoundUp(rows);
            nint start = (nint)first * job.Classes;
            DenseShort(job.Logits + start, job.Targets + start, job.Probabilities + start, rows, job.Classes, sums, totals, shifted);
            SoftmaxRow<TSimd, TVector>.Losses(sums, totals, shifted, job.Losses + first, rows);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void WithLabels(in ForwardJob job, int first, int rows, float* sums)
        {
            int classes = job.Classes;
            float* shifted = sums + AlignedBuffer.RoundUp(rows);
            nint start = (nint)first * classes;
            if (classes <= TSimd.Count)
                Probabilities<Yes>(job.Logits + start, job.Targets + first, job.Probabilities + start, rows, classes, sums, shifted);
            else
                Probabilities<No>(job.Logits + start, job.Targets + first, job.Probabilities + start, rows, classes, sums, shifted);
            SoftmaxRow<TSimd, TVector>.Losses(sums, null, shifted, job.Losses + first, rows);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void WithRows(in ForwardJob job, int first, int last)
        {
            int classes = job.Classes;
            for (int r = first; r < last; r++)
            {
                float* logits = job.Logits + ((nint)r * classes);
                float* probabilities = job.Probabilities + ((nint)r * classes);
                float max = SoftmaxRow<TSimd, TVector>.Max(logits, classes);
                float sum = SoftmaxRow<TSimd, TVector>.SumOfExp(logits, classes, max);
                job.Losses[r] = DenseLoss(logits, job.Targets + ((nint)r * classes), classes, max, SoftmaxRow<TSimd, TVector>.Log(sum));
                sum = SoftmaxRow<TSimd, TVector>.ExpAndSum(logits, probabilities, classes, max);
                UnaryLoop<TSimd, TVector, ScaleOperator<TSimd, TVector>>.Run(probabilities, probabilities, classes, 1f / sum);
            }
        }
    }

    private struct BackwardJob : IChunkJob<BackwardJob>
    {
        public float* Probabilities;
        public float* Targets;
        public float* Scale;
        public float* Gradient;
        public int Rows;
        public int Classes;
        public int RowsPerChunk;
        public bool Accumulate;
        public bool Sparse;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Execute(ref BackwardJob job, int chunk, Scratch scratch)
        {
            int classes = job.Classes;
            int first = chunk * job.RowsPerChunk;
            int last = Math.Min(job.Rows, first + job.RowsPerChunk);
            if (!job.Sparse && classes <= TSimd.Count)
            {
                nint start = (nint)first * classes;
                DenseGradients(job.Probabilities + start, job.Targets + start, job.Scale + first, job.Gradient + start, last - first, classes, job.Accumulate);
                return;
            }
            for (int r = first; r < last; r++)
            {
                nint start = (nint)r * classes;
                float* gradient = job.Gradient + start;
                if (!job.Sparse)
                {
                    float* targets = job.Targets + start;
                    float sum = (float)ReductionLoop<TSimd, TVector, SumReduction<TSimd, TVector>>.Run(targets, classes);
                    GradientRow(job.Probabilities + start, targets, sum, job.Scale[r], gradient, classes, job.Accumulate);
                    continue;
                }
                // The true class apart: scale · (p − 1) in one rounding of the difference, as in the dense form.
                int label = (int)job.Targets[r];
                float ofLabel = (job.Probabilities[start + label] - 1f) * job.Scale[r];
                float before = job.Accumulate ? gradient[label] : 0f;
                GradientRow(job.Probabilities + start, null, 1f, job.Scale[r], gradient, classes, job.Accumulate);
                gradient[label] = before + ofLabel;
            }
        }
    }
}

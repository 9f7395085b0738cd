using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Backward over parts of rows: dx row by row, dγ and dβ as sums of each part, which are added in order.</summary>
/// <remarks>
/// Parts follow from the sizes alone, at most 64 (their sums of dγ and dβ are the working memory). Within a part, rows are summed in blocks of 64:
/// a sum of many rows is a sum of short sums, which rounds less.
/// </remarks>
internal static unsafe partial class RowNormalizationGradients<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private const int MostParts = 64;
    private const int RowBlock = 64;

    // Rows that come from beyond L2 are asked for so much earlier, dx among them: 1.02 to 1.14 times as fast for 3,200 rows of 128 (three processes); twice as early it was 1.02, without dx 1.0,
    // rows in L2 lost by it, and so did rows of 512 (0.94), which the processor foresees itself: hence four pairs of rows at least.
    private const int FloatsAhead = 1024;

    public static void Run(
        Workers workers, in RowNormalizationShape shape, in RowNormalizationMemory memory, float* dgamma, float* dbeta, bool accumulateGamma, bool accumulateBeta)
    {
        int width = shape.Width;
        var job = new Job { Shape = shape, Memory = memory };
        job.RowsPerPart = (int)Math.Max(Math.Max(1, ElementChunks.Length / Math.Max(1, width)), ((long)shape.Rows + MostParts - 1) / MostParts);
        int parts = (int)(((long)shape.Rows + job.RowsPerPart - 1) / job.RowsPerPart);
        float* sums = workers.Shared.Rent(checked(2 * parts * width));
        job.Order = new BackToFront(parts, workers.Threads);
        job.GammaSums = dgamma == null ? null : sums;
        job.BetaSums = dbeta == null ? null : sums + ((nint)parts * width);
        workers.Run(ref job, parts);
        if (dgamma != null)
            RowSums<TSimd, TVector>.Run(workers, parts, width, job.GammaSums, dgamma, accumulateGamma);
        if (dbeta != null)
            RowSums<TSimd, TVector>.Run(workers, parts, width, job.BetaSums, dbeta, accumulateBeta);
    }

    // Σ g and Σ g · x̂ of a row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Project(float* x, float* gamma, float* dy, int width, float* statistics, out double sum, out double projection)
    {
        TVector centre = TSimd.Splat(statistics[0]);
        TVector scale = TSimd.Splat(statistics[1]);
        TVector shift = TSimd.Splat(statistics[2]);
        int step = TSimd.Count;
        sum = 0;
        projection = 0;
        for (int start = 0; start < width; start += ReductionLoop.Block)
        {
            int end = Math.Min(width, start + ReductionLoop.Block);
            TVector even = default;
            TVector odd = default;
            TVector evenProducts = default;
            TVector oddProducts = default;
            int i = start;
            for (; i <= end - (2 * step); i += 2 * step)
            {
                TVector g0 = *(TVector*)(dy + i);
                TVector g1 = *(TVector*)(dy + i + step);
                if (gamma != null)
                {
                    g0 = TSimd.Multiply(g0, *(TVector*)(gamma + i));
                    g1 = TSimd.Multiply(g1, *(TVector*)(gamma + i + step));
                }
                even = TSimd.Add(even, g0);
                odd = TSimd.Add(odd, g1);
                evenProducts = TSimd.MultiplyAdd(g0, TSimd.MultiplyAdd(TSimd.Subtract(*(TVector*)(x + i), centre), scale, shift), evenProducts);
                oddProducts = TSimd.MultiplyAdd(g1, TSimd.MultiplyAdd(TSimd.Subtract(*(TVector*)(x + i + step), centre), scale, shift), oddProducts);
            }
            for (; i < end; i += step)
            {
                // Cleared lanes have g = 0: whatever x̂ is there counts nothing.
                int lanes = Math.Min(step, end - i);
                TVector g = TSimd.LoadPartial(dy + i, lanes);
                if (gamma != null)
                    g = TSimd.Multiply(g, TSimd.LoadPartial(gamma + i, lanes));
                even = TSimd.Add(even, g);
                evenProducts = TSimd.MultiplyAdd(g, Standardised(x + i, lanes, centre, scale, shift), evenProducts);
            }
            sum += TSimd.Sum(TSimd.Add(even, odd));
            projection += TSimd.Sum(TSimd.Add(evenProducts, oddProducts));
        }
    }

    // x̂ in the first lanes, 0 in the others.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Standardised(float* x, int lanes, TVector centre, TVector scale, TVector shift)
        => TSimd.Select(TSimd.FirstLanes(lanes), TSimd.MultiplyAdd(TSimd.Subtract(TSimd.LoadPartial(x, lanes), centre), scale, shift), default(TVector));

    // dx = s · (g − (mean + x̂ · projection)), or nothing of it; dγ and dβ grow by the row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Deliver(in RowNormalizationMemory m, nint row, int width, float mean, float projection, float* gammaSums, float* betaSums)
    {
        float* statistics = m.Statistics + (row * RowNormalizationShape.StatisticsOfRow);
        float* x = m.X + (row * width);
        float* dy = m.OutputGradient + (row * width);
        float* dx = m.InputGradient == null ? null : m.InputGradient + (row * width);
        float* gamma = m.Gamma;
        bool accumulate = m.Accumulate;
        TVector centre = TSimd.Splat(statistics[0]);
        TVector scale = TSimd.Splat(statistics[1]);
        TVector shift = TSimd.Splat(statistics[2]);
        TVector negativeMean = TSimd.Splat(-mean);
        TVector negativeProjection = TSimd.Splat(-projection);
        int i = 0;
        for (; i <= width - TSimd.Count; i += TSimd.Count)
        {
            Element<Yes>(
                x + i, dy + i, gamma == null ? null : gamma + i, dx == null ? null : dx + i, gammaSums == null ? null : gammaSums + i, betaSums == null ? null : betaSums + i,
                TSimd.Count, accumulate, centre, scale, shift, negativeMean, negativeProjection);
        }
        if (i < width)
        {
            Element<No>(
                x + i, dy + i, gamma == null ? null : gamma + i, dx == null ? null : dx + i, gammaSums == null ? null : gammaSums + i, betaSums == null ? null : betaSums + i,
                width - i, accumulate, centre, scale, shift, negativeMean, negativeProjection);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Element<TWhole>(
        float* x, float* dy, float* gamma, float* dx, float* gammaSums, float* betaSums, int lanes, bool accumulate,
        TVector centre, TVector scale, TVector shift, TVector negativeMean, TVector negativeProjection)
        where TWhole : struct, IOption
    {
        TVector g = Load<TWhole>(dy, lanes);
        TVector standard = TSimd.MultiplyAdd(TSimd.Subtract(Load<TWhole>(x, lanes), centre), scale, shift);
        if (gammaSums != null)
            Store<TWhole>(gammaSums, TSimd.MultiplyAdd(g, standard, Load<TWhole>(gammaSums, lanes)), lanes);
        if (betaSums != null)
            Store<TWhole>(betaSums, TSimd.Add(Load<TWhole>(betaSums, lanes), g), lanes);
        if (dx == null)
            return;
        if (gamma != null)
            g = TSimd.Multiply(g, Load<TWhole>(gamma, lanes));
        TVector value = TSimd.Multiply(scale, TSimd.MultiplyAdd(standard, negativeProjection, TSimd.Add(g, negativeMean)));
        if (accumulate)
            value = TSimd.Add(Load<TWhole>(dx, lanes), value);
        Store<TWhole>(dx, value, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load<TWhole>(float* from, int lanes)
        where TWhole : struct, IOption
        => TWhole.Value ? *(TVector*)from : TSimd.LoadPartial(from, lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TWhole>(float* to, TVector value, int lanes)
        where TWhole : struct, IOption
    {
        if (TWhole.Value)
            *(TVector*)to = value;
        else
            TSimd.StorePartial(to, value, lanes);
    }

    private struct Job : IChunkJob<Job>
    {
        public RowNormalizationShape Shape;
        public RowNormalizationMemory Memory;

        /// <summary>One row of sums a part, or null.</summary>
        public float* GammaSums;

        public float* BetaSums;
        public int RowsPerPart;

        /// <summary>Forward went over x before, and whoever computed dy over dy: 1.04 times as fast for 3,200 rows of 128 and for 800 of 512 (five processes).</summary>
        public BackToFront Order;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Execute(ref Job job, int chunk, Scratch scratch)
        {
            int part = job.Order.ChunkOf(chunk);
            int width = job.Shape.Width;
            int first = part * job.RowsPerPart;
            int last = (int)Math.Min(job.Shape.Rows, (long)first + job.RowsPerPart);
            float* gammaSums = job.GammaSums == null ? null : job.GammaSums + ((nint)part * width);
            float* betaSums = job.BetaSums == null ? null : job.BetaSums + ((nint)part * width);
            float* block = scratch.Rent(checked(2 * width));
            bool asksAhead = 8 * width <= FloatsAhead && CacheHint.IsFar(3 * job.Shape.Count);
            nint endOfPart = (nint)last * width;
            // What is asked for beyond the part is where the thread goes on.
            nint fromEndToNext = (nint)(job.Order.After(part) - part - 1) * job.RowsPerPart * width;
            for (int start = first; start < last; start += RowBlock)
            {
                int end = Math.Min(last, start + RowBlock);
                new Span<float>(block, 2 * width).Clear();
                int row = start;
                if (RunsInPairs(job))
                {
                    for (; row < end - 1; row += 2)
                    {
                        if (asksAhead)
                        {
                            nint next = ((nint)row * width) + FloatsAhead;
                            if (next >= endOfPart)
                                next += fromEndToNext;
                            CacheHint.RowToL1(job.Memory.X + next, 2 * width);
                            CacheHint.RowToL1(job.Memory.OutputGradient + next, 2 * width);
                            CacheHint.RowToL1(job.Memory.InputGradient + next, 2 * width);
                        }
                        if (job.Memory.Accumulate)
                            Pair<Yes>(job.Shape, job.Memory, row, block, block + width);
                        else
                            Pair<No>(job.Shape, job.Memory, row, block, block + width);
                    }
                }
                for (; row < end; row++)
                    Row(job, row, gammaSums == null ? null : block, betaSums == null ? null : block + width);
                AddBlock(block, gammaSums, width, start == first);
                AddBlock(block + width, betaSums, width, start == first);
            }
        }

        // What layer normalisation asks for, in rows whose sums are one block.
        private static bool RunsInPairs(in Job job)
            => job.Shape.Statistic == RowStatistic.Deviation && job.Shape.Width <= ReductionLoop.Block
                && job.Memory.Gamma != null && job.Memory.InputGradient != null && job.GammaSums != null && job.BetaSums != null;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Row(in Job job, int row, float* gammaSums, float* betaSums)
        {
            RowNormalizationMemory m = job.Memory;
            int width = job.Shape.Width;
            float* statistics = m.Statistics + ((nint)row * RowNormalizationShape.StatisticsOfRow);
            if (m.InputGradient == null)
            {
                Deliver(m, row, width, 0f, 0f, gammaSums, betaSums);
                return;
            }
            if (job.Shape.Statistic == RowStatistic.Norm && statistics[1] == (float)RowNormalizationShape.LargestInverseNorm)
            {
                // A row of zeros: the function has no derivative there, and 0 is given.
                if (!m.Accumulate)
                    new Span<float>(m.InputGradient + ((nint)row * width), width).Clear();
                m.InputGradient = null;
                Deliver(m, row, width, 0f, 0f, gammaSums, betaSums);
                return;
            }
            Project(m.X + ((nint)row * width), m.Gamma, m.OutputGradient + ((nint)row * width), width, statistics, out double sum, out double projection);
            double mean = job.Shape.Statistic == RowStatistic.Deviation ? sum / width : 0;
            double share = job.Shape.Statistic == RowStatistic.Norm ? projection : projection / width;
            Deliver(m, row, width, (float)mean, (float)share, gammaSums, betaSums);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void AddBlock(float* block, float* sums, int width, bool first)
        {
            if (sums == null)
                return;
            if (first)
                new Span<float>(block, width).CopyTo(new Span<float>(sums, width));
            else
                BinaryLoop<TSimd, TVector, AddOperator<TSimd, TVector>>.Run(sums, block, sums, width, 0f);
        }
    }
}

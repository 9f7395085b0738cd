using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// The one loop of all passes over channels. Where channels are the last axis, lanes are neighbouring channels and rows pass below them; elsewhere
/// a channel is a few contiguous runs and all lanes belong to it.
/// </summary>
/// <remarks>
/// Sums are cut by the sizes alone: rows into at most 16 parts of whole blocks of 64 (a block is summed in registers), runs channel by channel.
/// Parts are added in double, in order. Passes that write are cut into chunks of about 16,384 elements.
/// </remarks>
internal static unsafe class ChannelLoop<TSimd, TVector, TPass, TWeighted>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TPass : struct, IChannelPass<TSimd, TVector>
    where TWeighted : struct, IOption
{
    private const int RowBlock = 64;
    private const int MostParts = 16;

    /// <summary>A pass that writes.</summary>
    public static void Write(Workers workers, in ChannelLayout layout, in ChannelMemory memory)
    {
        if (layout.Count == 0)
            return;
        var job = new Job { Layout = layout, Memory = memory };
        long other = layout.Inner == 1 ? layout.Channels : layout.Entries;
        int units = layout.Inner == 1 ? layout.Outer : layout.Channels;
        job.UnitsPerChunk = (int)Math.Max(1, ElementChunks.Length / other);
        int chunks = (int)(((long)units + job.UnitsPerChunk - 1) / job.UnitsPerChunk);
        job.Order = new BackToFront(chunks, workers.Threads);
        workers.Run(ref job, chunks);
    }

    /// <summary>A pass that sums; <paramref name="seconds"/> may be null.</summary>
    public static void Sum(Workers workers, in ChannelLayout layout, in ChannelMemory memory, double* sums, double* seconds)
    {
        int channels = layout.Channels;
        var job = new Job { Layout = layout, Memory = memory };
        int parts = 1;
        int chunks;
        if (layout.Inner == 1)
        {
            parts = (int)Math.Clamp(Math.Min(layout.Count / ElementChunks.Length, layout.Outer / RowBlock), 1, MostParts);
            job.UnitsPerChunk = Math.Max(1, ((layout.Outer + parts - 1) / parts + RowBlock - 1) / RowBlock * RowBlock);
            parts = Math.Max(1, (layout.Outer + job.UnitsPerChunk - 1) / job.UnitsPerChunk);
            chunks = parts;
        }
        else
        {
            job.UnitsPerChunk = (int)Math.Max(1, ElementChunks.Length / Math.Max(1, layout.Entries));
            chunks = (channels + job.UnitsPerChunk - 1) / job.UnitsPerChunk;
        }
        // The job itself rents no scratch memory.
        job.Sums = workers.ScratchOf(0).Rent(checked(2 * parts * channels));
        workers.Run(ref job, chunks);
        for (int c = 0; c < channels; c++)
        {
            double sum = 0;
            double second = 0;
            for (int part = 0; part < parts; part++)
            {
                sum += job.Sums[(2 * part * (nint)channels) + c];
                second += job.Sums[(((2 * part) + 1) * (nint)channels) + c];
            }
            sums[c] = sum;
            if (seconds != null)
                seconds[c] = second;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ChannelConstants<TVector> ConstantsOf(in ChannelMemory m, int channel, int lanes)
    {
        ChannelConstants<TVector> k = default;
        if (TPass.Constants > 0)
            k.First = TSimd.LoadPartial(m.First + channel, lanes);
        if (TPass.Constants > 1)
            k.Second = TSimd.LoadPartial(m.Second + channel, lanes);
        if (TPass.Constants > 2)
            k.Third = TSimd.LoadPartial(m.Third + channel, lanes);
        if (TPass.Constants > 3)
            k.Fourth = TSimd.LoadPartial(m.Fourth + channel, lanes);
        return k;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ChannelConstants<TVector> ConstantsOf(in ChannelMemory m, int channel)
    {
        ChannelConstants<TVector> k = default;
        if (TPass.Constants > 0)
            k.First = TSimd.Splat(m.First[channel]);
        if (TPass.Constants > 1)
            k.Second = TSimd.Splat(m.Second[channel]);
        if (TPass.Constants > 2)
            k.Third = TSimd.Splat(m.Third[channel]);
        if (TPass.Constants > 3)
            k.Fourth = TSimd.Splat(m.Fourth[channel]);
        return k;
    }

    // Rows first … last − 1 of a matrix whose columns are channels.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns(in Job job, int first, int last, float* sums)
    {
        int channels = job.Layout.Channels;
        if (sums != null)
            new Span<float>(sums, 2 * channels).Clear();
        for (int row = first; row < last; row += RowBlock)
        {
            int rows = Math.Min(RowBlock, last - row);
            for (int c = 0; c < channels; c += TSimd.Count)
            {
                int lanes = Math.Min(TSimd.Count, channels - c);
                float* strip = sums == null ? null : sums + c;
                if (lanes == TSimd.Count)
                    Strip<Yes>(job.Memory, c, channels, ((nint)row * channels) + c, rows, lanes, strip);
                else
                    Strip<No>(job.Memory, c, channels, ((nint)row * channels) + c, rows, lanes, strip);
            }
        }
    }

    // Even and odd rows apart, so that one addition does not wait for the other.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Strip<TWhole>(in ChannelMemory memory, int channel, int channels, nint at, int rows, int lanes, float* sums)
        where TWhole : struct, IOption
    {
        ChannelMemory m = memory;
        ChannelConstants<TVector> k = ConstantsOf(m, channel, lanes);
        TVector sum0 = default;
        TVector sum1 = default;
        TVector second0 = default;
        TVector second1 = default;
        int row = 0;
        for (; row <= rows - 2; row += 2)
        {
            Visit<TWhole>(m, at, lanes, k, ref sum0, ref second0);
            Visit<TWhole>(m, at + channels, lanes, k, ref sum1, ref second1);
            at += 2 * (nint)channels;
        }
        if (row < rows)
            Visit<TWhole>(m, at, lanes, k, ref sum0, ref second0);
        if (sums == null)
            return;
        TSimd.StorePartial(sums, TSimd.Add(TSimd.LoadPartial(sums, lanes), TSimd.Add(sum0, sum1)), lanes);
        TSimd.StorePartial(sums + channels, TSimd.Add(TSimd.LoadPartial(sums + channels, lanes), TSimd.Add(second0, second1)), lanes);
    }

    // All runs of one channel; a run's lanes are added up at its end, in double.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Runs(in Job job, int channel, float* sums)
    {
        ChannelMemory m = job.Memory;
        int inner = job.Layout.Inner;
        ChannelConstants<TVector> k = ConstantsOf(m, channel);
        double sum = 0;
        double second = 0;
        for (int outer = 0; outer < job.Layout.Outer; outer++)
        {
            nint start = (((nint)outer * job.Layout.Channels) + channel) * inner;
            for (int block = 0; block < inner; block += ReductionLoop.Block)
            {
                nint end = start + Math.Min(inner, block + ReductionLoop.Block);
                TVector sum0 = default;
                TVector sum1 = default;
                TVector second0 = default;
                TVector second1 = default;
                nint at = start + block;
                for (; at <= end - (2 * TSimd.Count); at += 2 * TSimd.Count)
                {
                    Visit<Yes>(m, at, TSimd.Count, k, ref sum0, ref second0);
                    Visit<Yes>(m, at + TSimd.Count, TSimd.Count, k, ref sum1, ref second1);
                }
                for (; at <= end - TSimd.Count; at += TSimd.Count)
                    Visit<Yes>(m, at, TSimd.Count, k, ref sum0, ref second0);
                if (at < end)
                    Visit<No>(m, at, (int)(end - at), k, ref sum1, ref second1);
                if (sums == null)
                    continue;
                sum += TSimd.Sum(TSimd.Add(sum0, sum1));
                second += TSimd.Sum(TSimd.Add(second0, second1));
            }
        }
        if (sums == null)
            return;
        sums[channel] = (float)sum;
        sums[channel + job.Layout.Channels] = (float)second;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Visit<TWhole>(in ChannelMemory m, nint at, int lanes, in ChannelConstants<TVector> k, ref TVector sum, ref TVector second)
        where TWhole : struct, IOption
    {
        TVector x = Load<TWhole>(m.X + at, lanes);
        TVector dy = TPass.ReadsGradient ? Load<TWhole>(m.OutputGradient + at, lanes) : x;
        TVector weight = TWeighted.Value ? Load<TWhole>(m.Weights + at, lanes) : TSimd.Splat(1f);
        TVector added = default;
        TVector addedSecond = default;
        TVector value = TWhole.Value
            ? TPass.Invoke(x, dy, weight, k, ref sum, ref second)
            : TPass.Invoke(x, dy, weight, k, ref added, ref addedSecond);
        if (!TWhole.Value)
        {
            // Lanes beyond the end took part with x = 0, whose deviation from the centre is not 0.
            TVector inside = TSimd.FirstLanes(lanes);
            sum = TSimd.Add(sum, TSimd.Select(inside, added, default(TVector)));
            second = TSimd.Add(second, TSimd.Select(inside, addedSecond, default(TVector)));
        }
        if (m.Y == null)
            return;
        if (m.Accumulate)
            value = TSimd.Add(Load<TWhole>(m.Y + at, lanes), value);
        if (TWhole.Value)
            *(TVector*)(m.Y + at) = value;
        else
            TSimd.StorePartial(m.Y + at, value, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load<TWhole>(float* from, int lanes)
        where TWhole : struct, IOption
        => TWhole.Value ? *(TVector*)from : TSimd.LoadPartial(from, lanes);

    private struct Job : IChunkJob<Job>
    {
        public ChannelLayout Layout;
        public ChannelMemory Memory;

        /// <summary>Two rows of channels for each part, or null for a pass that writes.</summary>
        public float* Sums;

        /// <summary>Rows of a chunk where channels are the last axis, else channels.</summary>
        public int UnitsPerChunk;

        /// <summary>Of a pass that writes: it comes after one that has summed the same memory (1.01 to 1.13 times as fast by medians for 6,400 rows of 128, ten processes).</summary>
        public BackToFront Order;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static void Execute(ref Job job, int chunk, Scratch scratch)
        {
            if (job.Sums == null)
                chunk = job.Order.ChunkOf(chunk);
            long first = (long)chunk * job.UnitsPerChunk;
            if (job.Layout.Inner == 1)
            {
                int lastRow = (int)Math.Min(job.Layout.Outer, first + job.UnitsPerChunk);
                Columns(job, (int)first, lastRow, job.Sums == null ? null : job.Sums + (2 * chunk * (nint)job.Layout.Channels));
                return;
            }
            int last = (int)Math.Min(job.Layout.Channels, first + job.UnitsPerChunk);
            for (int channel = (int)first; channel < last; channel++)
                Runs(job, channel, job.Sums);
        }
    }
}

using System.Diagnostics;

namespace FlatFuse.Benchmarks;

/// <summary>Times work on a shared, noisy machine: many short samples, of which the median and the best are told.</summary>
internal static class Stopclock
{
    // A sample lasts at least this long, so that the clock's own cost and step vanish in it.
    private const double SampleSeconds = 300e-6;

    // How long samples are taken once a runner has the processors to itself.
    private const double BlockSeconds = 20e-3;

    /// <summary>Seconds a call: median and best of the samples taken within <paramref name="budgetSeconds"/>.</summary>
    public static Timing Time(Action work, double budgetSeconds) => Race([work], budgetSeconds)[0];

    /// <summary>
    /// Seconds a call of each, sample by sample in turn: what the machine gives at the moment (clock, neighbours) meets all alike, so the
    /// ratio of two medians holds where neither median does.
    /// </summary>
    /// <param name="runners">What to time.</param>
    /// <param name="budgetSeconds">When to stop, after <paramref name="rounds"/> at least.</param>
    /// <param name="lead">
    /// Seconds that each runs before its samples count. OpenBLAS's and OpenMP's threads spin for some 30 ms after their work and take a core from whoever
    /// comes next; a pause instead would leave two sleeping threads that wake on one core.
    /// </param>
    /// <param name="rounds">Samples of each at least.</param>
    public static Timing[] Race(IReadOnlyList<Action> runners, double budgetSeconds, double lead = 0, int rounds = 3)
    {
        int[] calls = [.. runners.Select(CallsPerSample)];
        List<double>[] samples = [.. runners.Select(_ => new List<double>())];
        long start = Stopwatch.GetTimestamp();
        int done = 0;
        while (done < rounds || Stopwatch.GetElapsedTime(start).TotalSeconds < budgetSeconds)
        {
            for (int i = 0; i < calls.Length; i++)
            {
                // One call at least that does not count brings the operands back into the caches that the others used: peers in processes of
                // their own are timed with theirs there.
                RunFor(runners[i], lead);
                long blockBegan = Stopwatch.GetTimestamp();
                do
                {
                    long began = Stopwatch.GetTimestamp();
                    for (int call = 0; call < calls[i]; call++)
                        runners[i]();
                    samples[i].Add(Stopwatch.GetElapsedTime(began).TotalSeconds / calls[i]);
                }
                while (lead > 0 && Stopwatch.GetElapsedTime(blockBegan).TotalSeconds < BlockSeconds);
            }
            done++;
        }
        return [.. samples.Select(Timing.Of)];
    }

    /// <summary>
    /// Calls each often enough, with pauses, for the runtime to compile it anew at full optimisation. FlatFuse's kernels are compiled so at
    /// once; other managed code would otherwise be timed while it is still slow.
    /// </summary>
    public static void Settle(IReadOnlyList<Action> runners)
    {
        const int Tiers = 3, CallsBeforeNextTier = 40, CompileMilliseconds = 130;
        for (int tier = 0; tier < Tiers; tier++)
        {
            foreach (Action runner in runners)
            {
                for (int call = 0; call < CallsBeforeNextTier; call++)
                    runner();
            }
            Thread.Sleep(CompileMilliseconds);
        }
    }

    /// <summary>Calls it again and again for that long, once at least.</summary>
    public static void RunFor(Action work, double seconds)
    {
        long began = Stopwatch.GetTimestamp();
        do
        {
            work();
        }
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds);
    }

    private static int CallsPerSample(Action work)
    {
        work();
        long began = Stopwatch.GetTimestamp();
        work();
        int calls = Math.Max(1, (int)(SampleSeconds / Math.Max(Stopwatch.GetElapsedTime(began).TotalSeconds, 1e-9)));
        if (calls < 4)
            return calls;
        // Short work was measured by one call that may still have been cold: once more, over many.
        began = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
            work();
        return Math.Max(1, (int)(calls * SampleSeconds / Math.Max(Stopwatch.GetElapsedTime(began).TotalSeconds, 1e-9)));
    }
}

using System.Diagnostics;

namespace FlatFuse.Benchmarks;

/// <summary>Times work on a shared, noisy machine: many short samples, of which the median and the best are told.</summary>
internal static class Stopclock
{
    /// <summary>Seconds a call: median and best of the samples taken within <paramref name="budgetSeconds"/>.</summary>
    public static (double Median, double Best) Time(Action work, double budgetSeconds)
    {
        work();
        long began = Stopwatch.GetTimestamp();
        work();
        double once = Stopwatch.GetElapsedTime(began).TotalSeconds;
        // A sample lasts at least 200 µs, so that the clock's own cost and step vanish in it.
        int calls = Math.Max(1, (int)(200e-6 / Math.Max(once, 1e-9)));
        var samples = new List<double>();
        long start = Stopwatch.GetTimestamp();
        while (samples.Count < 5 || Stopwatch.GetElapsedTime(start).TotalSeconds < budgetSeconds)
        {
            began = Stopwatch.GetTimestamp();
            for (int i = 0; i < calls; i++)
                work();
            samples.Add(Stopwatch.GetElapsedTime(began).TotalSeconds / calls);
        }
        samples.Sort();
        return (samples[samples.Count / 2], samples[0]);
    }

    /// <summary>
    /// Seconds a call of <paramref name="work"/> and of <paramref name="reference"/>, sample by sample in turn: what the machine gives at
    /// the moment (clock, neighbours) meets both alike, so the ratio of the medians holds where neither median does.
    /// </summary>
    public static (double Work, double Reference) Alternate(Action work, Action reference, double budgetSeconds)
    {
        work();
        long began = Stopwatch.GetTimestamp();
        work();
        int calls = Math.Max(1, (int)(200e-6 / Math.Max(Stopwatch.GetElapsedTime(began).TotalSeconds, 1e-9)));
        reference();
        var samples = new List<double>();
        var references = new List<double>();
        long start = Stopwatch.GetTimestamp();
        while (samples.Count < 5 || Stopwatch.GetElapsedTime(start).TotalSeconds < budgetSeconds)
        {
            began = Stopwatch.GetTimestamp();
            for (int i = 0; i < calls; i++)
                work();
            samples.Add(Stopwatch.GetElapsedTime(began).TotalSeconds / calls);
            began = Stopwatch.GetTimestamp();
            reference();
            references.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
        samples.Sort();
        references.Sort();
        return (samples[samples.Count / 2], references[references.Count / 2]);
    }
}

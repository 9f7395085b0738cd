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
}

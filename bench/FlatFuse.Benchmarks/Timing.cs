namespace FlatFuse.Benchmarks;

/// <summary>Seconds a call.</summary>
/// <param name="Median">The middle sample.</param>
/// <param name="Best">The shortest sample.</param>
internal readonly record struct Timing(double Median, double Best)
{
    public static Timing Of(List<double> samples)
    {
        samples.Sort();
        return new Timing(samples[samples.Count / 2], samples[0]);
    }

    /// <summary>Of two passes the least median and the shortest sample.</summary>
    public static Timing Least(Timing left, Timing right) => new(Math.Min(left.Median, right.Median), Math.Min(left.Best, right.Best));
}

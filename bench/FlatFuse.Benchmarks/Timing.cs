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
}

namespace FlatFuse.Benchmarks;

/// <summary>What a shape takes on some threads.</summary>
/// <param name="Ours">By kernel set: the fastest of a pass.</param>
/// <param name="Peak">The loop of fused multiply-adds, timed in turn with the others on one thread; null on more, and where memory is the limit.</param>
/// <param name="Peers">By the name of the library.</param>
internal sealed record KernelTimes(Dictionary<string, double> Ours, double? Peak, Dictionary<string, double> Peers)
{
    /// <summary>Of two passes the least median of each.</summary>
    public static KernelTimes Least(KernelTimes left, KernelTimes right)
        => new(Least(left.Ours, right.Ours), left.Peak is { } peak ? Math.Min(peak, right.Peak!.Value) : null, Least(left.Peers, right.Peers));

    private static Dictionary<string, double> Least(Dictionary<string, double> left, Dictionary<string, double> right)
        => left.Concat(right).GroupBy(time => time.Key, time => time.Value).ToDictionary(times => times.Key, times => times.Min());
}

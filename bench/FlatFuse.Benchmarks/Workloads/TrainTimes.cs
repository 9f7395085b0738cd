namespace FlatFuse.Benchmarks;

/// <summary>What a training step takes.</summary>
/// <param name="Step">Its time within Fit.</param>
/// <param name="Bytes">Its managed bytes.</param>
internal readonly record struct TrainTimes(Timing Step, long Bytes)
{
    /// <summary>Of two passes the least times and the most bytes.</summary>
    public static TrainTimes Least(TrainTimes left, TrainTimes right) => new(Timing.Least(left.Step, right.Step), Math.Max(left.Bytes, right.Bytes));
}

namespace FlatFuse.Benchmarks;

/// <summary>What a prediction takes.</summary>
/// <param name="Into">Into memory that is there.</param>
/// <param name="New">Into a new tensor.</param>
/// <param name="Bytes">Managed bytes of a call of the first kind.</param>
internal readonly record struct PredictTimes(Timing Into, Timing New, long Bytes)
{
    /// <summary>Of two passes the least times and the most bytes.</summary>
    public static PredictTimes Least(PredictTimes left, PredictTimes right)
        => new(Timing.Least(left.Into, right.Into), Timing.Least(left.New, right.New), Math.Max(left.Bytes, right.Bytes));
}

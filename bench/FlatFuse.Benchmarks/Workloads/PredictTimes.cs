namespace FlatFuse.Benchmarks;

/// <summary>What a prediction takes.</summary>
/// <param name="Into">Into memory that is there.</param>
/// <param name="New">Into a new tensor.</param>
/// <param name="Bytes">Managed bytes of a call of the first kind.</param>
internal readonly record struct PredictTimes(Timing Into, Timing New, long Bytes);

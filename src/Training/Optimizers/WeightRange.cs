namespace FlatFuse.Training;

/// <summary>Where one variable lies in a <see cref="WeightSegment"/>.</summary>
/// <param name="Start">Its first element.</param>
/// <param name="Length">Number of elements.</param>
public readonly record struct WeightRange(int Start, int Length);

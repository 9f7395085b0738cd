namespace FlatFuse.Tensors;

/// <summary>
/// What an indexer takes of one axis: a range of it (the axis stays) or one index (the axis goes).
/// Converts from <see cref="System.Range"/>, <see cref="System.Index"/> and <see cref="int"/>: <c>t[1..3, .., ^1]</c>.
/// </summary>
public readonly struct Slice
{
    private readonly Range _range;

    private Slice(Range range, bool dropsAxis)
    {
        _range = range;
        DropsAxis = dropsAxis;
    }

    /// <summary>The whole axis.</summary>
    public static Slice All => Range.All;

    /// <summary>True for an index: its axis does not appear in the view.</summary>
    public bool DropsAxis { get; }

    /// <summary>A range keeps its axis.</summary>
    /// <param name="range">Start and end, also counted from the end.</param>
    public static implicit operator Slice(Range range) => new(range, false);

    /// <summary>An index drops its axis.</summary>
    /// <param name="index">The position, also counted from the end.</param>
    public static implicit operator Slice(Index index) => new(new Range(index, default), true);

    /// <summary>An index drops its axis.</summary>
    /// <param name="index">The position, 0 or more.</param>
    public static implicit operator Slice(int index) => new Index(index);

    /// <summary>The first index and the number of indices on an axis of <paramref name="size"/>.</summary>
    /// <param name="size">The axis's size.</param>
    /// <exception cref="ArgumentOutOfRangeException">The slice reaches outside the axis.</exception>
    internal (int Start, int Length) Resolve(int size)
    {
        int start = _range.Start.GetOffset(size);
        int end = DropsAxis ? start + 1 : _range.End.GetOffset(size);
        return start >= 0 && end <= size && start <= end
            ? (start, end - start)
            : throw new ArgumentOutOfRangeException(nameof(size), $"Slice {this} is outside an axis of size {size}.");
    }

    /// <summary>As it is written: <c>1..3</c>, <c>^1</c>.</summary>
    public override string ToString() => DropsAxis ? _range.Start.ToString() : _range.ToString();
}

namespace FlatFuse.Autograd;

/// <summary>
/// Visits the rows of two strided operands in row-major order: an odometer over all axes but the innermost, which the
/// caller loops over itself.
/// </summary>
internal ref struct RowWalk
{
    private readonly ReadOnlySpan<int> _sizes;
    private readonly ReadOnlySpan<int> _firstStrides;
    private readonly ReadOnlySpan<int> _secondStrides;
    private readonly Span<int> _index;

    /// <summary>Stands on the first row.</summary>
    /// <param name="sizes">All axes; the last is not walked.</param>
    /// <param name="firstStrides">Strides of the first operand, one an axis.</param>
    /// <param name="secondStrides">Strides of the second.</param>
    /// <param name="index">Working memory, one number an axis.</param>
    public RowWalk(ReadOnlySpan<int> sizes, ReadOnlySpan<int> firstStrides, ReadOnlySpan<int> secondStrides, Span<int> index)
    {
        _sizes = sizes[..^1];
        _firstStrides = firstStrides;
        _secondStrides = secondStrides;
        _index = index;
        _index.Clear();
    }

    /// <summary>Where the row begins in the first operand, from element (0, …, 0).</summary>
    public int First { get; private set; }

    /// <summary>Where the row begins in the second operand.</summary>
    public int Second { get; private set; }

    /// <summary>Goes to the next row; false after the last.</summary>
    public bool MoveNext()
    {
        for (int axis = _sizes.Length - 1; axis >= 0; axis--)
        {
            First += _firstStrides[axis];
            Second += _secondStrides[axis];
            if (++_index[axis] < _sizes[axis])
                return true;
            First -= _firstStrides[axis] * _sizes[axis];
            Second -= _secondStrides[axis] * _sizes[axis];
            _index[axis] = 0;
        }
        return false;
    }
}

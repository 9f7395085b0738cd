namespace FlatFuse.Tensors;

/// <summary>
/// How indices map to storage: sizes, signed strides (in elements) and the offset of element (0, …, 0). Nothing else:
/// every view is another layout over the same storage.
/// </summary>
public sealed partial class Layout
{
    /// <summary>The most axes a tensor can have: walks keep their counters inline, without allocating.</summary>
    public const int MaximumRank = 16;

    private readonly int[] _shape;
    private readonly int[] _strides;

    /// <summary>A row-major layout.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="offset">Index of the first element in the storage.</param>
    /// <exception cref="ArgumentException">A size is negative, or there are more than <see cref="MaximumRank"/> axes.</exception>
    /// <exception cref="OverflowException">The product of the sizes is beyond 2,147,483,647.</exception>
    public Layout(ReadOnlySpan<int> shape, int offset = 0)
        : this(shape.ToArray(), Shapes.RowMajorStrides(shape), offset)
    {
    }

    /// <summary>Any layout.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="strides">One an axis: elements from one index to the next.</param>
    /// <param name="offset">Index of element (0, …, 0) in the storage.</param>
    /// <exception cref="ArgumentException">A size is negative, there are more than <see cref="MaximumRank"/> axes, or the strides are not one an axis.</exception>
    /// <exception cref="OverflowException">The product of the sizes is beyond 2,147,483,647.</exception>
    public Layout(ReadOnlySpan<int> shape, ReadOnlySpan<int> strides, int offset)
        : this(shape.ToArray(), strides.ToArray(), offset)
    {
    }

    internal Layout(int[] shape, int[] strides, int offset)
    {
        if (shape.Length > MaximumRank)
            throw new ArgumentException($"Shape {Shapes.Format(shape)} has {shape.Length} axes; a tensor can have {MaximumRank}. Reshape some of them into one.", nameof(shape));
        if (strides.Length != shape.Length)
            throw new ArgumentException($"Layout: shape {Shapes.Format(shape)} has {shape.Length} axes; received {strides.Length} strides. Give one for each.", nameof(strides));
        Count = Shapes.Count(shape);
        _shape = shape;
        _strides = strides;
        // An empty tensor touches no storage: wherever a slice left it, it starts at 0.
        Offset = Count == 0 ? 0 : offset;
        IsContiguous = Count == 0 || IsRowMajor(shape, strides);
    }

    /// <summary>Sizes, outermost axis first.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>Elements from one index to the next along each axis; 0 repeats, negative runs backwards.</summary>
    public ReadOnlySpan<int> Strides => _strides;

    /// <summary>Index of element (0, …, 0) in the storage.</summary>
    public int Offset { get; }

    /// <summary>Number of elements.</summary>
    public int Count { get; }

    /// <summary>Number of axes.</summary>
    public int Rank => _shape.Length;

    /// <summary>True when the elements lie in row-major order without gaps.</summary>
    public bool IsContiguous { get; }

    /// <summary>True when one stored element stands at several indices (an axis with stride 0): such a view is for reading.</summary>
    public bool IsBroadcast
    {
        get
        {
            for (int axis = 0; axis < _shape.Length; axis++)
            {
                if (_strides[axis] == 0 && _shape[axis] > 1)
                    return Count > 0;
            }
            return false;
        }
    }

    private static bool IsRowMajor(int[] shape, int[] strides)
    {
        int expected = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            if (shape[i] != 1 && strides[i] != expected)
                return false;
            expected *= shape[i];
        }
        return true;
    }
}

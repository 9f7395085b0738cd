namespace FlatFuse.Tensors;

/// <summary>
/// How indices map to storage: sizes, signed strides (in elements) and the offset of element (0, …, 0). Nothing else:
/// every view is another layout over the same storage.
/// </summary>
public sealed class Layout
{
    private readonly int[] _shape;
    private readonly int[] _strides;

    /// <summary>A row-major layout.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="offset">Index of the first element in the storage.</param>
    public Layout(ReadOnlySpan<int> shape, int offset = 0)
        : this(shape.ToArray(), Shapes.RowMajorStrides(shape), offset)
    {
    }

    internal Layout(int[] shape, int[] strides, int offset)
    {
        Count = Shapes.Count(shape);
        _shape = shape;
        _strides = strides;
        Offset = offset;
        IsContiguous = IsRowMajor(shape, strides);
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

    private static bool IsRowMajor(int[] shape, int[] strides)
    {
        int expected = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            if (shape[i] == 0)
                return true;
            if (shape[i] != 1 && strides[i] != expected)
                return false;
            expected *= shape[i];
        }
        return true;
    }
}

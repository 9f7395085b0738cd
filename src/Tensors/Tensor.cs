namespace FlatFuse.Tensors;

/// <summary>A multi-dimensional array of any element type; see <see cref="Tensor{T}"/>.</summary>
public abstract partial class Tensor
{
    private protected Tensor(Layout layout) => Layout = layout;

    /// <summary>Sizes, strides and offset.</summary>
    public Layout Layout { get; }

    /// <summary>Sizes, outermost axis first.</summary>
    public ReadOnlySpan<int> Shape => Layout.Shape;

    /// <summary>Number of axes.</summary>
    public int Rank => Layout.Rank;

    /// <summary>Number of elements.</summary>
    public int Count => Layout.Count;

    /// <summary>True when the elements lie in row-major order without gaps.</summary>
    public bool IsContiguous => Layout.IsContiguous;

    /// <summary>The element type.</summary>
    public abstract Type ElementType { get; }

    /// <summary>A contiguous copy in memory of its own.</summary>
    public abstract Tensor Clone();

    /// <summary>A view of <paramref name="count"/> entries of the outermost axis: a batch of rows.</summary>
    /// <param name="start">The first one.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="InvalidOperationException">The tensor is a scalar.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public abstract Tensor Rows(int start, int count);

    /// <summary>
    /// The values as float32, exactly: whole numbers up to 16,777,216 in magnitude, bytes, booleans (0 and 1). Doubles are rounded
    /// to the nearest float. A float tensor is returned as it is, without a copy.
    /// </summary>
    /// <exception cref="ArgumentException">A whole number is too large to be exact; the message names it and its position.</exception>
    /// <exception cref="NotSupportedException">The element type has no conversion.</exception>
    public abstract Tensor<float> ToFloat();

    /// <summary>Writes what <see cref="ToFloat()"/> returns into memory that is there.</summary>
    /// <param name="destination">As many elements, in row-major order.</param>
    /// <exception cref="ArgumentException">The destination has another length, or a whole number is too large to be exact.</exception>
    /// <exception cref="NotSupportedException">The element type has no conversion.</exception>
    public abstract void ToFloat(Span<float> destination);
}

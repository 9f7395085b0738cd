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

    /// <summary>A tensor of zeros in memory of its own.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="shape">Sizes.</param>
    public static Tensor<T> Zeros<T>(params ReadOnlySpan<int> shape)
        where T : unmanaged
        => new(new T[Shapes.Count(shape)], new Layout(shape));

    /// <summary>Copies <paramref name="values"/>, row-major, into a new tensor.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="values">The elements.</param>
    /// <param name="shape">Sizes; their product is the number of values.</param>
    /// <exception cref="ArgumentException">The product differs from the number of values.</exception>
    public static Tensor<T> From<T>(ReadOnlySpan<T> values, params ReadOnlySpan<int> shape)
        where T : unmanaged
        => Shapes.Count(shape) == values.Length
            ? new Tensor<T>(values.ToArray(), new Layout(shape))
            : throw new ArgumentException($"Tensor.From: {values.Length} values do not fill shape {Shapes.Format(shape)}, which has {Shapes.Count(shape)} elements.", nameof(shape));

    /// <summary>Copies a vector.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="values">The elements.</param>
    public static Tensor<T> From<T>(T[] values)
        where T : unmanaged
        => From<T>(values, values.Length);
}

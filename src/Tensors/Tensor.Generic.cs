namespace FlatFuse.Tensors;

/// <summary>
/// A multi-dimensional array: storage and a <see cref="Layout"/> over it. Views (slices, transposes, reshapes where the
/// layout allows) share the storage; an ordinary managed object, never disposed.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed partial class Tensor<T> : Tensor
    where T : unmanaged
{
    private readonly T[] _storage;

    /// <summary>Lays <paramref name="layout"/> over <paramref name="storage"/> without copying.</summary>
    /// <param name="storage">The elements.</param>
    /// <param name="layout">Which of them, in which order.</param>
    /// <exception cref="ArgumentException">The layout reaches outside the storage.</exception>
    public Tensor(T[] storage, Layout layout)
        : base(layout)
    {
        ArgumentNullException.ThrowIfNull(storage);
        CheckReach(storage.Length, layout);
        _storage = storage;
    }

    /// <inheritdoc/>
    public override Type ElementType => typeof(T);

    internal T[] Storage => _storage;

    /// <summary>One element, by reference.</summary>
    /// <param name="indices">One index an axis, 0 … size − 1.</param>
    /// <exception cref="IndexOutOfRangeException">An index is outside its axis, or their number is not the rank.</exception>
    public ref T this[params ReadOnlySpan<int> indices]
    {
        get
        {
            if (indices.Length != Rank)
                throw new IndexOutOfRangeException($"{indices.Length} indices for a tensor of shape {Shapes.Format(Shape)}; expected {Rank}. For a view write a range, as in t[{(indices.Length == 0 ? "" : indices[0] + ", ")}..].");
            int position = Layout.Offset;
            for (int axis = 0; axis < indices.Length; axis++)
            {
                if ((uint)indices[axis] >= (uint)Shape[axis])
                    throw new IndexOutOfRangeException($"Index {indices[axis]} on axis {axis} is outside shape {Shapes.Format(Shape)}.");
                position += indices[axis] * Layout.Strides[axis];
            }
            return ref _storage[position];
        }
    }

    /// <summary>The elements in row-major order, in place.</summary>
    /// <remarks>A tensor without elements gives an empty span.</remarks>
    /// <exception cref="InvalidOperationException">The tensor is a view whose elements do not lie in that order; <see cref="Clone"/> it first.</exception>
    public Span<T> AsSpan()
        => IsContiguous
            ? _storage.AsSpan(Layout.Offset, Count)
            : throw new InvalidOperationException($"A tensor of shape {Shapes.Format(Shape)} with strides {Shapes.Format(Layout.Strides)} is not contiguous: call Clone() first.");

    /// <summary>
    /// For a person: shape and element type on the first line, then nested brackets; beyond 1,000 elements only the ends of
    /// each axis. Floating-point values are shown with six digits.
    /// </summary>
    public override string ToString() => TensorFormatter.Format(this);

    private static void CheckReach(int length, Layout layout)
    {
        if (layout.Count == 0)
            return;
        long first = layout.Offset, last = layout.Offset;
        for (int axis = 0; axis < layout.Rank; axis++)
        {
            long reach = (long)(layout.Shape[axis] - 1) * layout.Strides[axis];
            if (reach < 0)
                first += reach;
            else
                last += reach;
        }
        if (first < 0 || last >= length)
            throw new ArgumentException($"A layout of shape {Shapes.Format(layout.Shape)}, strides {Shapes.Format(layout.Strides)} and offset {layout.Offset} reaches outside a storage of {length} elements.", nameof(layout));
    }
}

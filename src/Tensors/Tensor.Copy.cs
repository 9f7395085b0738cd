namespace FlatFuse.Tensors;

public sealed partial class Tensor<T>
{
    /// <summary>A contiguous copy in memory of its own: keeps the values of a tensor that belongs to a training step.</summary>
    public Tensor<T> Clone()
    {
        var copy = new Tensor<T>(new T[Count], new Layout(Shape));
        CopyTo(copy.AsSpan());
        return copy;
    }

    /// <summary>Writes the elements in row-major order.</summary>
    /// <param name="destination">At least <see cref="Tensor.Count"/> elements.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public void CopyTo(Span<T> destination)
    {
        if (destination.Length < Count)
            throw new ArgumentException($"CopyTo: {Count} elements do not fit into a span of {destination.Length}.", nameof(destination));
        if (IsContiguous)
        {
            AsSpan().CopyTo(destination);
            return;
        }
        int written = 0;
        CopyAxis(0, Layout.Offset, destination, ref written);
    }

    private void CopyAxis(int axis, int position, Span<T> destination, ref int written)
    {
        if (axis == Rank)
        {
            destination[written++] = _storage[position];
            return;
        }
        for (int i = 0; i < Shape[axis]; i++, position += Layout.Strides[axis])
            CopyAxis(axis + 1, position, destination, ref written);
    }
}

namespace FlatFuse.Tensors;

public sealed partial class Tensor<T>
{
    /// <summary>
    /// The same elements, in row-major order, under another shape. Shares the storage wherever strides can express the new
    /// shape (also for many slices, flips and broadcasts), else copies.
    /// </summary>
    /// <param name="shape">Sizes; one of them may be −1 and is then computed.</param>
    /// <exception cref="ArgumentException">The sizes do not multiply to <see cref="Tensor.Count"/>, or −1 has no single answer.</exception>
    public Tensor<T> Reshape(params ReadOnlySpan<int> shape)
    {
        int[] sizes = ReshapedSizes(shape);
        return Layout.TryReshape(sizes) is Layout layout ? View(layout) : Clone().Reshape(sizes);
    }

    private int[] ReshapedSizes(ReadOnlySpan<int> shape)
    {
        int[] sizes = shape.ToArray();
        int unknown = Array.IndexOf(sizes, -1);
        if (unknown >= 0)
        {
            sizes[unknown] = 1;
            int known = Shapes.Count(sizes);
            if (known == 0)
                throw new ArgumentException($"Reshape: the −1 in {Shapes.Format(shape)} stands beside a 0 and could be any size; write the size out.", nameof(shape));
            sizes[unknown] = Count / known;
        }
        return Shapes.Count(sizes) == Count
            ? sizes
            : throw new ArgumentException($"Reshape: shape {Shapes.Format(Shape)} has {Count} elements, which do not fill {Shapes.Format(shape)}.", nameof(shape));
    }
}

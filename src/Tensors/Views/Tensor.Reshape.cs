namespace FlatFuse.Tensors;

public sealed partial class Tensor<T>
{
    /// <summary>
    /// The same elements, in row-major order, under another shape. Shares the storage where the layout allows, else copies.
    /// </summary>
    /// <param name="shape">Sizes; one of them may be −1 and is then computed.</param>
    /// <exception cref="ArgumentException">The sizes do not multiply to <see cref="Tensor.Count"/>.</exception>
    public Tensor<T> Reshape(params ReadOnlySpan<int> shape)
    {
        int[] sizes = ReshapedSizes(shape);
        return IsContiguous
            ? new Tensor<T>(_storage, new Layout(sizes, Layout.Offset))
            : Clone().Reshape(sizes);
    }

    private int[] ReshapedSizes(ReadOnlySpan<int> shape)
    {
        int[] sizes = shape.ToArray();
        int unknown = Array.IndexOf(sizes, -1);
        if (unknown >= 0)
        {
            sizes[unknown] = 1;
            int known = Shapes.Count(sizes);
            sizes[unknown] = known == 0 ? 0 : Count / known;
        }
        return Shapes.Count(sizes) == Count
            ? sizes
            : throw new ArgumentException($"Reshape: shape {Shapes.Format(Shape)} has {Count} elements, which do not fill {Shapes.Format(shape)}.", nameof(shape));
    }
}

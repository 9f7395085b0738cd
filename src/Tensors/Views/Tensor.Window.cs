namespace FlatFuse.Tensors;

public sealed partial class Tensor<T>
{
    /// <summary>A contiguous view of consecutive elements: a part of a packed buffer under a shape of its own. Copies nothing.</summary>
    /// <param name="start">Position of the first element, in row-major order.</param>
    /// <param name="shape">Sizes of the view.</param>
    /// <exception cref="InvalidOperationException">The tensor is not contiguous.</exception>
    /// <exception cref="ArgumentException">The view reaches outside the tensor.</exception>
    public Tensor<T> Window(int start, params ReadOnlySpan<int> shape)
    {
        int count = Shapes.Count(shape);
        if (!IsContiguous)
            throw new InvalidOperationException($"Window: a tensor of shape {Shapes.Format(Shape)} with strides {Shapes.Format(Layout.Strides)} is not contiguous: call Clone() first.");
        if (start < 0 || (long)start + count > Count)
            throw new ArgumentException($"Window: {count} elements from {start} on do not lie inside the {Count} elements of shape {Shapes.Format(Shape)}.", nameof(start));
        return new Tensor<T>(_storage, new Layout(shape, Layout.Offset + start));
    }
}

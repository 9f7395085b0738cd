namespace FlatFuse.Tensors;

public sealed partial class Tensor<T>
{
    /// <summary>A view that repeats axes of size 1 and missing leading axes (stride 0; nothing is copied). It is for reading.</summary>
    /// <param name="shape">Sizes of the view.</param>
    /// <exception cref="ArgumentException">The shape does not follow from this tensor's by NumPy's rule.</exception>
    public Tensor<T> BroadcastTo(params ReadOnlySpan<int> shape)
    {
        if (!Broadcasting.Fits(Shape, shape))
            throw new ArgumentException($"BroadcastTo: shape {Shapes.Format(Shape)} does not broadcast to {Shapes.Format(shape)}; counted from the last axis, each size must be equal or 1.", nameof(shape));
        var strides = new int[shape.Length];
        int added = shape.Length - Rank;
        for (int axis = 0; axis < Rank; axis++)
            strides[added + axis] = Shape[axis] == shape[added + axis] ? Layout.Strides[axis] : 0;
        return View(new Layout(shape.ToArray(), strides, Layout.Offset));
    }
}

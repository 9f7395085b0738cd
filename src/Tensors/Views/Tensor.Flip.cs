namespace FlatFuse.Tensors;

public sealed partial class Tensor<T>
{
    /// <summary>A view that runs backwards along one axis (a negative stride; nothing is copied).</summary>
    /// <param name="axis">The axis; a negative one counts from the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public Tensor<T> Flip(int axis)
    {
        int flipped = Shapes.NormalizeAxis(axis, Rank);
        int[] strides = Layout.Strides.ToArray();
        int offset = Count == 0 ? 0 : Layout.Offset + (Shape[flipped] - 1) * strides[flipped];
        strides[flipped] = -strides[flipped];
        return View(new Layout(Shape.ToArray(), strides, offset));
    }
}

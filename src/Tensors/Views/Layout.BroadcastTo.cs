namespace FlatFuse.Tensors;

public sealed partial class Layout
{
    /// <summary>The layout that shows the same elements under a larger shape: axes of size 1 and missing leading axes are repeated, with stride 0.</summary>
    /// <param name="shape">Sizes of the result.</param>
    /// <exception cref="ArgumentException">The shape does not follow from this one by NumPy's rule.</exception>
    public Layout BroadcastTo(params ReadOnlySpan<int> shape)
    {
        if (!Broadcasting.Fits(_shape, shape))
            throw new ArgumentException($"BroadcastTo: shape {Shapes.Format(_shape)} does not broadcast to {Shapes.Format(shape)}; counted from the last axis, each size must be equal or 1.", nameof(shape));
        var strides = new int[shape.Length];
        int added = shape.Length - Rank;
        for (int axis = 0; axis < Rank; axis++)
            strides[added + axis] = _shape[axis] == shape[added + axis] ? _strides[axis] : 0;
        return new Layout(shape.ToArray(), strides, Offset);
    }
}

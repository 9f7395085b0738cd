using FlatFuse.Tensors;

namespace FlatFuse.Interop;

/// <summary>
/// Between <see cref="Tensor{T}"/> and the spans of <c>System.Numerics.Tensors</c>. Those know offsets, gaps, transposes and repeated
/// axes, but no negative strides: a flipped tensor is copied where it is only read, and refused where it is to be written.
/// A scalar, which they do not know either, becomes one axis of size 1.
/// </summary>
public static class NumericsTensors
{
    /// <summary>The tensor's own elements, to read and write.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="tensor">A tensor without negative strides that is no broadcast view.</param>
    /// <exception cref="InvalidOperationException">The layout cannot be written through a span.</exception>
    public static System.Numerics.Tensors.TensorSpan<T> AsTensorSpan<T>(this Tensor<T> tensor)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Layout.IsBroadcast || RunsBackwards(tensor.Layout))
            throw new InvalidOperationException($"AsTensorSpan: a tensor of shape {Shapes.Format(tensor.Shape)} with strides {Shapes.Format(tensor.Layout.Strides)} cannot be written through a TensorSpan, which needs strides above 0; Clone() it first.");
        return tensor.Count == 0
            ? new System.Numerics.Tensors.TensorSpan<T>(NoElements<T>(), 0, Lengths(tensor), [])
            : new System.Numerics.Tensors.TensorSpan<T>(tensor.Storage, tensor.Layout.Offset, Lengths(tensor), Strides(tensor));
    }

    /// <summary>The tensor's elements to read: in place where no stride is negative, else a copy.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="tensor">Of any layout.</param>
    public static System.Numerics.Tensors.ReadOnlyTensorSpan<T> AsReadOnlyTensorSpan<T>(this Tensor<T> tensor)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Count == 0)
            return new System.Numerics.Tensors.ReadOnlyTensorSpan<T>(NoElements<T>(), 0, Lengths(tensor), []);
        Tensor<T> forward = RunsBackwards(tensor.Layout) ? tensor.Clone() : tensor;
        return new System.Numerics.Tensors.ReadOnlyTensorSpan<T>(forward.Storage, forward.Layout.Offset, Lengths(forward), Strides(forward));
    }

    /// <summary>A copy of what a span shows.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="span">Of any strides.</param>
    /// <exception cref="OverflowException">It has more than 2,147,483,647 elements.</exception>
    public static Tensor<T> ToTensor<T>(this in System.Numerics.Tensors.ReadOnlyTensorSpan<T> span)
        where T : unmanaged
    {
        var shape = new int[span.Rank];
        for (int axis = 0; axis < shape.Length; axis++)
            shape[axis] = checked((int)span.Lengths[axis]);
        Tensor<T> result = Tensor.Zeros<T>(shape);
        if (result.Count > 0)
            span.FlattenTo(result.AsSpan());
        return result;
    }

    // The spans' check of their reach wants one element even where the shape has none.
    private static T[] NoElements<T>() => new T[1];

    private static bool RunsBackwards(Layout layout)
    {
        for (int axis = 0; axis < layout.Rank; axis++)
        {
            if (layout.Strides[axis] < 0 && layout.Shape[axis] > 1)
                return true;
        }
        return false;
    }

    private static nint[] Lengths(Tensor tensor)
    {
        if (tensor.Rank == 0)
            return [1];
        var lengths = new nint[tensor.Rank];
        for (int axis = 0; axis < lengths.Length; axis++)
            lengths[axis] = tensor.Shape[axis];
        return lengths;
    }

    // An axis of size 1 is never stepped along; its stride must be 0 for the span's check of its reach.
    private static nint[] Strides(Tensor tensor)
    {
        if (tensor.Rank == 0)
            return [0];
        var strides = new nint[tensor.Rank];
        for (int axis = 0; axis < strides.Length; axis++)
            strides[axis] = tensor.Shape[axis] == 1 ? 0 : tensor.Layout.Strides[axis];
        return strides;
    }
}

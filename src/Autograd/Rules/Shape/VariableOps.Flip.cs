using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>The elements along one axis in reverse order, copied. Gradient: dy flipped.</summary>
    /// <param name="x">Rank 1 or more.</param>
    /// <param name="axis">The axis to reverse; negative counts from the last.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public static Variable Flip(Variable x, int axis)
    {
        CallContext context = Operands.ContextOf(nameof(Flip), x);
        axis = Shapes.NormalizeAxis(axis, x.Rank);
        int[] strides = Shapes.RowMajorStrides(x.Shape);
        int offset = Math.Max(x.Shape[axis] - 1, 0) * strides[axis];
        strides[axis] = -strides[axis];
        return context.Run(new StridedNode(context, x, new Layout(x.Shape, strides, offset)), x.Shape);
    }
}

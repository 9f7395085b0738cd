using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>Repeats along axes of size 1 and along new leading axes, copied. Gradient: dy summed over the repeats.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="shape">The wanted sizes.</param>
    /// <exception cref="ArgumentException">A size of x is neither 1 nor the wanted one, or the wanted rank is smaller.</exception>
    public static Variable BroadcastTo(Variable x, params ReadOnlySpan<int> shape)
    {
        CallContext context = Operands.ContextOf(nameof(BroadcastTo), x);
        int added = shape.Length - x.Rank;
        var strides = new int[shape.Length];
        int[] own = Shapes.RowMajorStrides(x.Shape);
        bool fits = added >= 0;
        for (int axis = 0; fits && axis < x.Rank; axis++)
        {
            fits = x.Shape[axis] == 1 || x.Shape[axis] == shape[axis + added];
            strides[axis + added] = x.Shape[axis] == 1 ? 0 : own[axis];
        }
        if (!fits)
            Throw.Shape(nameof(BroadcastTo), x.Shape, $"sizes that equal those of {Shapes.Format(shape)}, or 1, on every axis counted from the last", "Reshape first so that the axes line up.");
        return context.Run(new StridedNode(context, x, new StridedMap(shape, strides)), shape);
    }
}

using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>The axes in another order, copied: output axis i is input axis <c>permutation[i]</c>. Gradient: dy under the inverse permutation.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="permutation">Each axis once, negative ones count from the last; none given: all axes reversed.</param>
    /// <exception cref="ArgumentException">No permutation of the axes.</exception>
    public static Variable Transpose(Variable x, params ReadOnlySpan<int> permutation)
    {
        CallContext context = Operands.ContextOf(nameof(Transpose), x);
        int rank = x.Rank;
        if (permutation.Length != 0 && permutation.Length != rank)
            Throw.Shape(nameof(Transpose), x.Shape, $"a permutation of {rank} axes, not of {permutation.Length}", "Name every axis of the tensor once, the batch included.");
        int[] strides = Shapes.RowMajorStrides(x.Shape);
        var shape = new int[rank];
        var order = new int[rank];
        var seen = new bool[rank];
        for (int i = 0; i < rank; i++)
        {
            int axis = permutation.Length == 0 ? rank - 1 - i : Shapes.NormalizeAxis(permutation[i], rank);
            if (seen[axis])
                Throw.Shape(nameof(Transpose), x.Shape, $"every axis once, but axis {axis} comes twice in {Shapes.Format(permutation)}", "Name every axis of the tensor once, the batch included.");
            seen[axis] = true;
            shape[i] = x.Shape[axis];
            order[i] = strides[axis];
        }
        return context.Run(
            AreTransposedMatrices(shape, order, out int rows, out int columns) ? new TransposeNode(context, x, rows, columns) : new StridedNode(context, x, new Layout(shape, order, offset: 0)),
            shape);
    }

    /// <summary>True where (matrices, rows, columns) becomes (matrices, columns, rows): axes that lie one behind another count as one.</summary>
    private static bool AreTransposedMatrices(int[] shape, int[] strides, out int rows, out int columns)
    {
        int axis = shape.Length - 1;
        rows = Merge(shape, strides, ref axis, out int pitch);
        columns = Merge(shape, strides, ref axis, out int unit);
        int matrices = Merge(shape, strides, ref axis, out int matrix);
        return axis < 0 && rows > 1 && columns > 1 && unit == 1 && pitch == columns && (matrices == 1 || matrix == (long)rows * columns);
    }

    /// <summary>The elements of the axes from <paramref name="axis"/> outwards that lie one behind another; an axis of size 1 lies behind every other.</summary>
    private static int Merge(int[] shape, int[] strides, ref int axis, out int stride)
    {
        int size = 1;
        stride = 0;
        for (; axis >= 0; axis--)
        {
            if (shape[axis] == 1)
                continue;
            if (size == 1)
                stride = strides[axis];
            else if (strides[axis] != (long)size * stride)
                break;
            size *= shape[axis];
        }
        return size;
    }
}

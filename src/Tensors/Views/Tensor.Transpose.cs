namespace FlatFuse.Tensors;

public sealed partial class Tensor<T>
{
    /// <summary>A view with all axes in reverse order: <c>(2, 3)</c> becomes <c>(3, 2)</c>.</summary>
    public Tensor<T> Transpose()
    {
        Span<int> axes = stackalloc int[Rank];
        for (int axis = 0; axis < axes.Length; axis++)
            axes[axis] = axes.Length - 1 - axis;
        return Permute(axes);
    }

    /// <summary>A view with the axes in the given order: axis <c>i</c> of the view is axis <c>axes[i]</c> of this tensor.</summary>
    /// <param name="axes">Every axis once; negative ones count from the end.</param>
    /// <exception cref="ArgumentException">The axes are no permutation.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public Tensor<T> Permute(params ReadOnlySpan<int> axes)
    {
        var shape = new int[Rank];
        var strides = new int[Rank];
        int seen = 0;
        for (int i = 0; i < axes.Length && axes.Length == Rank; i++)
        {
            int axis = Shapes.NormalizeAxis(axes[i], Rank);
            seen |= 1 << axis;
            shape[i] = Shape[axis];
            strides[i] = Layout.Strides[axis];
        }
        return seen == (1 << Rank) - 1
            ? View(new Layout(shape, strides, Layout.Offset))
            : throw new ArgumentException($"Permute: {Shapes.Format(axes)} does not name each of the {Rank} axes of shape {Shapes.Format(Shape)} once.", nameof(axes));
    }
}

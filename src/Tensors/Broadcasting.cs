namespace FlatFuse.Tensors;

/// <summary>
/// NumPy's rule for operands of different shapes: sizes are matched from the last axis; two sizes fit when they are
/// equal or one of them is 1; a missing axis counts as 1.
/// </summary>
public static class Broadcasting
{
    /// <summary>The shape of an element-wise operation on two operands.</summary>
    /// <param name="left">Sizes of the left operand.</param>
    /// <param name="right">Sizes of the right operand.</param>
    /// <exception cref="ArgumentException">The shapes do not fit; the message names both and the axis.</exception>
    public static int[] Shape(ReadOnlySpan<int> left, ReadOnlySpan<int> right)
    {
        var shape = new int[Math.Max(left.Length, right.Length)];
        for (int back = 1; back <= shape.Length; back++)
        {
            int a = SizeFromEnd(left, back), b = SizeFromEnd(right, back);
            if (a != b && a != 1 && b != 1)
                throw new ArgumentException($"Broadcasting: shapes {Shapes.Format(left)} and {Shapes.Format(right)} do not fit: axis {-back} has {a} on the left and {b} on the right; expected equal sizes, or 1 on one side. Reshape one operand so that sizes match counted from the last axis.");
            shape[^back] = a == 1 ? b : a;
        }
        return shape;
    }

    /// <summary>True when a tensor of shape <paramref name="from"/> can be read as one of shape <paramref name="to"/>.</summary>
    /// <param name="from">Sizes of the operand.</param>
    /// <param name="to">Sizes of the result.</param>
    public static bool Fits(ReadOnlySpan<int> from, ReadOnlySpan<int> to)
    {
        if (from.Length > to.Length)
            return false;
        for (int back = 1; back <= from.Length; back++)
        {
            if (from[^back] != to[^back] && from[^back] != 1)
                return false;
        }
        return true;
    }

    private static int SizeFromEnd(ReadOnlySpan<int> shape, int back) => back <= shape.Length ? shape[^back] : 1;
}

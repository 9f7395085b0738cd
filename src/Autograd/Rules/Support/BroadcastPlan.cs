using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

/// <summary>
/// How two contiguous operands are read under NumPy's broadcasting rule: the output's shape, and after merging axes that
/// behave alike the sizes and the strides of both operands (0 where one is repeated). Made once, when the node is.
/// </summary>
internal sealed class BroadcastPlan
{
    private BroadcastPlan(int[] outputShape, int[] sizes, int[] leftStrides, int[] rightStrides)
    {
        OutputShape = outputShape;
        Sizes = sizes;
        LeftStrides = leftStrides;
        RightStrides = rightStrides;
        Count = Shapes.Count(outputShape);
        LeftIsRepeated = Array.IndexOf(leftStrides, 0) >= 0;
        RightIsRepeated = Array.IndexOf(rightStrides, 0) >= 0;
    }

    public int[] OutputShape { get; }

    /// <summary>Merged sizes, at least one; their product is <see cref="Count"/>.</summary>
    public int[] Sizes { get; }

    public int[] LeftStrides { get; }

    public int[] RightStrides { get; }

    public int Count { get; }

    /// <summary>True when an element of the left operand is read more than once.</summary>
    public bool LeftIsRepeated { get; }

    /// <summary>True when an element of the right operand is read more than once.</summary>
    public bool RightIsRepeated { get; }

    /// <summary>The innermost merged size: how many elements a row has.</summary>
    public int RowLength => Sizes[^1];

    /// <exception cref="ArgumentException">Two sizes differ and neither is 1.</exception>
    public static BroadcastPlan Create(string operation, ReadOnlySpan<int> left, ReadOnlySpan<int> right)
    {
        int rank = Math.Max(left.Length, right.Length);
        var shape = new int[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            int leftSize = SizeAt(left, axis, rank), rightSize = SizeAt(right, axis, rank);
            if (leftSize != rightSize && leftSize != 1 && rightSize != 1)
                Throw.Pair(operation, "shapes do not broadcast", left, right, "equal sizes, or 1, on every axis counted from the last", "Reshape one operand so that the axes line up.");
            shape[axis] = leftSize == 1 ? rightSize : leftSize;
        }
        return Merge(shape, BroadcastStrides(left, rank), BroadcastStrides(right, rank));
    }

    private static int SizeAt(ReadOnlySpan<int> shape, int axis, int rank)
        => axis < rank - shape.Length ? 1 : shape[axis - (rank - shape.Length)];

    private static int[] BroadcastStrides(ReadOnlySpan<int> shape, int rank)
    {
        var strides = new int[rank];
        int[] own = Shapes.RowMajorStrides(shape);
        for (int axis = 0; axis < shape.Length; axis++)
            strides[axis + rank - shape.Length] = shape[axis] == 1 ? 0 : own[axis];
        return strides;
    }

    // Neighbouring axes become one where both operands step through them without a jump: (batch, steps, 8) + (8) has rows of 8,
    // and a same-shape pair is a single row. Axes of size 1 vanish.
    private static BroadcastPlan Merge(int[] shape, int[] left, int[] right)
    {
        var sizes = new List<int>();
        var leftStrides = new List<int>();
        var rightStrides = new List<int>();
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (shape[axis] == 1)
                continue;
            bool joins = sizes.Count > 0
                && leftStrides[^1] == left[axis] * shape[axis]
                && rightStrides[^1] == right[axis] * shape[axis];
            if (joins)
            {
                sizes[^1] *= shape[axis];
                leftStrides[^1] = left[axis];
                rightStrides[^1] = right[axis];
                continue;
            }
            sizes.Add(shape[axis]);
            leftStrides.Add(left[axis]);
            rightStrides.Add(right[axis]);
        }
        if (sizes.Count == 0)
        {
            sizes.Add(1);
            leftStrides.Add(1);
            rightStrides.Add(1);
        }
        return new BroadcastPlan(shape, [.. sizes], [.. leftStrides], [.. rightStrides]);
    }
}

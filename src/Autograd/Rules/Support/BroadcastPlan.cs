using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

/// <summary>How two contiguous operands are read under NumPy's broadcasting rule: as layouts of the output's shape. Made once, when the node is.</summary>
internal sealed class BroadcastPlan
{
    private readonly Layout _left;
    private readonly Layout _right;

    private BroadcastPlan(Layout left, Layout right, int[] outputShape)
    {
        _left = left.BroadcastTo(outputShape);
        _right = right.BroadcastTo(outputShape);
        OutputShape = outputShape;
        LeftIsRepeated = left.Count != Count;
        RightIsRepeated = right.Count != Count;
    }

    public int[] OutputShape { get; }

    public int Count => _left.Count;

    /// <summary>True unless each element of the left operand is read once.</summary>
    public bool LeftIsRepeated { get; }

    /// <summary>True unless each element of the right operand is read once.</summary>
    public bool RightIsRepeated { get; }

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
        return new BroadcastPlan(new Layout(left), new Layout(right), shape);
    }

    /// <summary>Left and right operand in step, a run at a time: (batch, steps, 8) + (8) has runs of 8, and a same-shape pair is a single one.</summary>
    public StridedWalk Walk() => new(_left, _right);

    private static int SizeAt(ReadOnlySpan<int> shape, int axis, int rank)
        => axis < rank - shape.Length ? 1 : shape[axis - (rank - shape.Length)];
}

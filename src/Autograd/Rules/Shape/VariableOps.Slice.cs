using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// A range along one axis; the axis stays. Along the leading axis (every axis before it of size 1) a view, else, and of a parameter, a copy.
    /// Gradient: dy inside the range, 0 outside.
    /// </summary>
    /// <param name="x">Rank 1 or more.</param>
    /// <param name="axis">The axis; negative counts from the last.</param>
    /// <param name="start">First index, 0 … size; negative counts from the end.</param>
    /// <param name="length">How many, 0 … size − start.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis, or the range leaves it.</exception>
    public static Variable Slice(Variable x, int axis, int start, int length)
    {
        CallContext context = Operands.ContextOf(nameof(Slice), x);
        axis = Shapes.NormalizeAxis(axis, x.Rank);
        int size = x.Shape[axis];
        if (start < 0)
            start += size;
        if (start < 0 || length < 0 || start > size - length)
            Throw.Range(nameof(Slice), $"received start {start} and length {length} on axis {axis} of shape {Shapes.Format(x.Shape)}; expected a range inside its {size} elements. Shorten the range.");
        int[] shape = x.Shape.ToArray();
        shape[axis] = length;
        int inner = Shapes.Count(shape.AsSpan(axis + 1));
        if (x.Value.IsContiguous && Shapes.Count(shape.AsSpan(0, axis)) == 1)
            return Window(x, start * inner, shape);
        return context.Run(new StridedNode(context, x, new Layout(shape, Shapes.RowMajorStrides(x.Shape), start * inner)), shape);
    }

    // Consecutive elements of a contiguous value under a shape of their own: a leading slice, or one result in a packed output.
    private static Variable Window(Variable x, int start, ReadOnlySpan<int> shape)
    {
        CallContext context = Operands.ContextOf(nameof(Slice), x);
        var node = new WindowNode(context, x, start);
        return node.Copies ? context.Run(node, shape) : context.RunView(node, x.Value.Window(start, shape));
    }
}

/// <summary>Consecutive elements of its input: a view, but for a parameter, which may move between two runs.</summary>
internal sealed class WindowNode : GradientNode
{
    private readonly int _start;

    public WindowNode(CallContext context, Variable x, int start)
        : base(context, x) => _start = start;

    public bool Copies => Inputs[0] is Parameter;

    // Of gradients, even where the value had to be copied.
    public override bool IsView => true;

    public override int ViewStart => _start;

    public override void Forward(Tensor<float> output)
    {
        if (Copies)
            Inputs[0].Value.AsSpan().Slice(_start, output.Count).CopyTo(output.AsSpan());
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        GradientDestination dx = destinations[0];
        if (!dx.IsNeeded)
            return;
        Span<float> part = dx.Span.Slice(_start, dy.Count);
        if (dx.Accumulate)
        {
            Elementwise.AddScaled(Workers, dy.AsSpan(), 1f, part);
            return;
        }
        dx.Span[.._start].Clear();
        dy.AsSpan().CopyTo(part);
        dx.Span[(_start + dy.Count)..].Clear();
    }
}

using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// y = max(x − τ, 0) over the last axis, τ such that y adds up to 1: the nearest distribution to x.
    /// Gradient: <c>dx = dy − mean of dy over y &gt; 0</c> where y &gt; 0, else 0.
    /// </summary>
    /// <param name="x">(…, classes), rank 1 or more.</param>
    /// <exception cref="ArgumentException">A scalar.</exception>
    public static Variable Sparsemax(Variable x)
    {
        if (x.Rank == 0)
            Throw.Shape(nameof(Sparsemax), x.Shape, "(…, classes)", "Reshape the scalar to one axis at least.");
        CallContext context = Operands.ContextOf(nameof(Sparsemax), x);
        return context.Run(new SparsemaxNode(context, x), x.Shape);
    }
}

/// <summary>Sparsemax over the last axis; backward needs the result only.</summary>
internal sealed class SparsemaxNode : GradientNode
{
    private readonly Operand _x;
    private readonly int _rows;
    private readonly int _classes;

    public SparsemaxNode(CallContext context, Variable x)
        : base(context, x)
    {
        _x = new Operand(context, x);
        _classes = x.Shape[^1];
        _rows = Shapes.Count(x.Shape[..^1]);
    }

    public override void Forward(Tensor<float> output) => SparsemaxKernel.Forward(Workers, _rows, _classes, _x.Read(), output.AsSpan());

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        GradientDestination dx = destinations[0];
        if (dx.IsNeeded)
            SparsemaxKernel.Backward(Workers, _rows, _classes, Output.Value.AsSpan(), dy.AsSpan(), dx.Span, dx.Accumulate);
    }
}

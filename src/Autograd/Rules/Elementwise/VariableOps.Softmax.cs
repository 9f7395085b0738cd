using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// y = eˣ / Σ eˣ over the last axis, shifted by the row's maximum. Gradient: <c>dx = y · (dy − Σ dy · y)</c>.
    /// </summary>
    /// <param name="x">(…, classes), rank 1 or more.</param>
    /// <exception cref="ArgumentException">A scalar.</exception>
    public static Variable Softmax(Variable x) => SoftmaxOver(nameof(Softmax), x, logarithmic: false);

    /// <summary>y = x − log Σ eˣ over the last axis. Gradient: <c>dx = dy − eʸ · Σ dy</c>.</summary>
    /// <param name="x">(…, classes), rank 1 or more.</param>
    /// <exception cref="ArgumentException">A scalar.</exception>
    public static Variable LogSoftmax(Variable x) => SoftmaxOver(nameof(LogSoftmax), x, logarithmic: true);

    private static Variable SoftmaxOver(string operation, Variable x, bool logarithmic)
    {
        if (x.Rank == 0)
            Throw.Shape(operation, x.Shape, "(…, classes)", "Reshape the scalar to one axis at least.");
        CallContext context = Operands.ContextOf(operation, x);
        return context.Run(new SoftmaxNode(context, x, logarithmic), x.Shape);
    }
}

/// <summary>Softmax or its logarithm over the last axis; backward needs the result only.</summary>
internal sealed class SoftmaxNode : GradientNode
{
    private readonly Operand _x;
    private readonly bool _logarithmic;
    private readonly int _rows;
    private readonly int _classes;

    public SoftmaxNode(CallContext context, Variable x, bool logarithmic)
        : base(context, x)
    {
        _x = new Operand(context, x);
        _logarithmic = logarithmic;
        _classes = x.Shape[^1];
        _rows = Shapes.Count(x.Shape[..^1]);
    }

    public override void Forward(Tensor<float> output)
    {
        if (_logarithmic)
            SoftmaxKernel.LogForward(Workers, _rows, _classes, _x.Read(), output.AsSpan());
        else
            SoftmaxKernel.Forward(Workers, _rows, _classes, _x.Read(), output.AsSpan());
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        GradientDestination dx = destinations[0];
        if (!dx.IsNeeded)
            return;
        if (_logarithmic)
            SoftmaxKernel.LogBackward(Workers, _rows, _classes, Output.Value.AsSpan(), dy.AsSpan(), dx.Span, dx.Accumulate);
        else
            SoftmaxKernel.Backward(Workers, _rows, _classes, Output.Value.AsSpan(), dy.AsSpan(), dx.Span, dx.Accumulate);
    }
}

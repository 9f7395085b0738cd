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
        if (!Broadcasting.Fits(x.Shape, shape))
            Throw.Shape(nameof(BroadcastTo), x.Shape, $"sizes that equal those of {Shapes.Format(shape)}, or 1, on every axis counted from the last", "Reshape first so that the axes line up.");
        return context.Run(new StridedNode(context, x, new Layout(x.Shape).BroadcastTo(shape)), shape);
    }
}

using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

/// <summary>Matrices one behind another, each transposed. Gradient: dy transposed back.</summary>
/// <param name="context">The call.</param>
/// <param name="x">A value whose last elements are the matrices.</param>
/// <param name="rows">Rows of a matrix of x.</param>
/// <param name="columns">Columns of a matrix of x.</param>
internal sealed class TransposeNode(CallContext context, Variable x, int rows, int columns) : GradientNode(context, x)
{
    private readonly Operand _x = new(context, x);

    public override void Forward(Tensor<float> output) => MatrixTranspose.Run(Workers, rows, columns, _x.Read(), output.AsSpan());

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        if (destinations[0].IsNeeded)
            MatrixTranspose.Run(Workers, columns, rows, dy.AsSpan(), destinations[0].Span, destinations[0].Accumulate);
    }
}

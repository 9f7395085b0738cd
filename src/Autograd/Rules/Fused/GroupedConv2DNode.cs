using FlatFuse.Kernels;

namespace FlatFuse.Autograd;

/// <summary>A convolution over rows and columns in groups; the shape is that of one group.</summary>
internal sealed class GroupedConv2DNode(CallContext context, Variable x, Variable kernel, Variable? bias, ActivationKind activation, int groups, Conv2DShape shape)
    : GroupedConvolutionNode(context, x, kernel, bias, activation, groups, [shape.Batch, shape.Rows.OutputLength, shape.Columns.OutputLength, shape.Filters * groups])
{
    private readonly Conv2DShape _shape = shape;

    protected override void ForwardPart(ReadOnlySpan<float> x, ReadOnlySpan<float> kernel, ReadOnlySpan<float> bias, ActivationKind activation, Span<float> y)
        => Conv2DKernel.Forward(Workers, _shape, x, kernel, bias, activation, y);

    protected override void InputPart(ReadOnlySpan<float> dy, ReadOnlySpan<float> kernel, Span<float> dx)
        => Conv2DKernel.InputGradient(Workers, _shape, dy, kernel, dx, accumulate: false);

    protected override void WeightPart(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dkernel)
        => Conv2DKernel.WeightGradient(Workers, _shape, x, dy, dkernel, accumulate: false);
}

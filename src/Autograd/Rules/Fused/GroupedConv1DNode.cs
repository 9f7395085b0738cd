using FlatFuse.Kernels;

namespace FlatFuse.Autograd;

/// <summary>A convolution over steps in groups; the shape is that of one group.</summary>
internal sealed class GroupedConv1DNode(CallContext context, Variable x, Variable kernel, Variable? bias, ActivationKind activation, int groups, Conv1DShape shape)
    : GroupedConvolutionNode(context, x, kernel, bias, activation, groups, [shape.Batch, shape.OutputLength, shape.Filters * groups])
{
    private readonly Conv1DShape _shape = shape;

    protected override void ForwardPart(ReadOnlySpan<float> x, ReadOnlySpan<float> kernel, ReadOnlySpan<float> bias, ActivationKind activation, Span<float> y)
        => Conv1DKernel.Forward(Workers, _shape, x, kernel, bias, activation, y);

    protected override void InputPart(ReadOnlySpan<float> dy, ReadOnlySpan<float> kernel, Span<float> dx)
        => Conv1DKernel.InputGradient(Workers, _shape, dy, kernel, dx, accumulate: false);

    protected override void WeightPart(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dkernel)
        => Conv1DKernel.WeightGradient(Workers, _shape, x, dy, dkernel, accumulate: false);
}

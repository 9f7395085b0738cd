using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// A convolution over steps that keeps channels apart, one node: with M output channels for each input channel c,
    /// <c>y[n, l, c·M + m] = act(b[c·M + m] + Σ x[n, l·stride + k·dilation − before, c] · W[k, c, m])</c>.
    /// Gradient, with <c>dz = dy · act′</c>: dx and dW are correlations with dz, channel by channel, <c>db = Σ dz</c>.
    /// </summary>
    /// <param name="x">(batch, steps, channels).</param>
    /// <param name="kernel">W: (kernel size, channels, M).</param>
    /// <param name="bias">b: (channels · M), or null.</param>
    /// <param name="stride">Steps from one window to the next, 1 or more.</param>
    /// <param name="dilation">Steps between the taps of a window, 1 or more.</param>
    /// <param name="padding">Zeros around the sequence.</param>
    /// <param name="activation">act.</param>
    /// <returns>(batch, output steps, channels · M).</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or no whole window fits the sequence.</exception>
    public static Variable DepthwiseConv1D(
        Variable x, Variable kernel, Variable? bias = null, int stride = 1, int dilation = 1,
        ConvolutionPadding padding = ConvolutionPadding.Valid, ActivationKind activation = ActivationKind.Linear)
    {
        const string Name = nameof(DepthwiseConv1D);
        CallContext context = Operands.ContextOf(Name, x, kernel, bias);
        if (x.Rank != 3)
            Throw.Operand(Name, "x", x.Shape, "(batch, steps, channels)", "A flattened value has lost its steps: Reshape it.");
        if (kernel.Rank != 3 || kernel.Shape[1] != x.Shape[2])
            Throw.Pair(Name, "channels do not meet the kernel", x.Shape, kernel.Shape, $"kernel (kernel size, {x.Shape[2]}, depth multiplier)", "Channels are the last axis of x.");
        int filters = checked(x.Shape[2] * kernel.Shape[2]);
        CheckBias(Name, bias, filters);
        Conv1DShape shape = Conv1DShape.Create(x.Shape[0], x.Shape[1], x.Shape[2], filters, kernel.Shape[0], stride, dilation, padding);
        return context.Run(new DepthwiseConv1DNode(context, x, kernel, bias, activation, shape), shape.Batch, shape.OutputLength, filters);
    }
}

/// <summary>A depthwise convolution with bias; the activation follows in place.</summary>
internal sealed class DepthwiseConv1DNode : GradientNode
{
    private readonly Operand _x;
    private readonly Operand _kernel;
    private readonly Operand? _bias;
    private readonly ActivationEpilogue _activation;
    private readonly Conv1DShape _shape;

    public DepthwiseConv1DNode(CallContext context, Variable x, Variable kernel, Variable? bias, ActivationKind activation, Conv1DShape shape)
        : base(context, bias is null ? [x, kernel] : [x, kernel, bias])
    {
        _x = new Operand(context, x);
        _kernel = new Operand(context, kernel);
        _bias = bias is null ? null : new Operand(context, bias);
        _activation = new ActivationEpilogue(context, activation, [shape.Batch, shape.OutputLength, shape.Filters], KeepsHistory);
        _shape = shape;
    }

    public override void Forward(Tensor<float> output)
    {
        Span<float> z = _activation.Target(output);
        ReadOnlySpan<float> bias = _bias is { } operand ? operand.Read() : default;
        DepthwiseConv1DKernel.Forward(Workers, _shape, _x.Read(), _kernel.Read(), bias, z);
        if (_activation.Fused != ActivationKind.Linear)
            Activations.Forward(Workers, _activation.Fused, z, z);
        _activation.Finish(Workers, output);
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        ReadOnlySpan<float> dz = _activation.Backward(Workers, Output.Value, dy);
        if (destinations[0].IsNeeded)
            DepthwiseConv1DKernel.InputGradient(Workers, _shape, dz, _kernel.Read(), destinations[0].Span, destinations[0].Accumulate);
        if (destinations[1].IsNeeded)
            DepthwiseConv1DKernel.WeightGradient(Workers, _shape, _x.Read(), dz, destinations[1].Span, destinations[1].Accumulate);
        if (destinations.Length > 2 && destinations[2].IsNeeded)
            Reductions.SumRows(Workers, _shape.Batch * _shape.OutputLength, _shape.Filters, dz, destinations[2].Span, destinations[2].Accumulate);
    }
}

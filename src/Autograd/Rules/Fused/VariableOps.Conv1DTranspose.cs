using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// The transpose of a convolution over steps, one node: every input step adds its multiple of the kernel to the output,
    /// <c>z[n, i·stride + k·dilation − before, f] += Σ x[n, i, c] · W[k, f, c]</c>, <c>y = act(z + b)</c>.
    /// Gradient, with <c>dz = dy · act′</c>: dx is the convolution of dz with W, dW the correlation of dz with x, <c>db = Σ dz</c>.
    /// </summary>
    /// <param name="x">(batch, steps, channels).</param>
    /// <param name="kernel">W: (kernel size, filters, channels).</param>
    /// <param name="bias">b: (filters), or null.</param>
    /// <param name="stride">Output steps from one input step to the next, 1 or more.</param>
    /// <param name="dilation">Output steps between the taps of the kernel, 1 or more.</param>
    /// <param name="padding">Valid: the output is as long as its windows reach. Same: steps · stride.</param>
    /// <param name="outputPadding">Extra output steps, below the stride; null for the lengths above.</param>
    /// <param name="activation">act.</param>
    /// <returns>(batch, output steps, filters).</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Variable Conv1DTranspose(
        Variable x, Variable kernel, Variable? bias = null, int stride = 1, int dilation = 1,
        ConvolutionPadding padding = ConvolutionPadding.Valid, int? outputPadding = null, ActivationKind activation = ActivationKind.Linear)
    {
        const string Name = nameof(Conv1DTranspose);
        CallContext context = Operands.ContextOf(Name, x, kernel, bias);
        if (x.Rank != 3)
            Throw.Operand(Name, "x", x.Shape, "(batch, steps, channels)", "A flattened value has lost its steps: Reshape it.");
        if (kernel.Rank != 3 || kernel.Shape[2] != x.Shape[2])
            Throw.Pair(Name, "channels do not meet the kernel", x.Shape, kernel.Shape, $"kernel (kernel size, filters, {x.Shape[2]})", "Channels are the last axis of both.");
        CheckBias(Name, bias, kernel.Shape[1]);
        Conv1DShape shape = Conv1DShape.CreateTransposed(x.Shape[0], x.Shape[1], x.Shape[2], kernel.Shape[1], kernel.Shape[0], stride, dilation, padding, outputPadding);
        return context.Run(new Conv1DTransposeNode(context, x, kernel, bias, activation, shape), shape.Batch, shape.Length, shape.Channels);
    }
}

/// <summary>A convolution run backwards: its shape's input is this node's output. Forward is the kernel's input gradient, and the other way round.</summary>
internal sealed class Conv1DTransposeNode : GradientNode
{
    private readonly Operand _x;
    private readonly Operand _kernel;
    private readonly Operand? _bias;
    private readonly ActivationEpilogue _activation;
    private readonly Conv1DShape _shape;

    public Conv1DTransposeNode(CallContext context, Variable x, Variable kernel, Variable? bias, ActivationKind activation, Conv1DShape shape)
        : base(context, bias is null ? [x, kernel] : [x, kernel, bias])
    {
        _x = new Operand(context, x);
        _kernel = new Operand(context, kernel);
        _bias = bias is null ? null : new Operand(context, bias);
        _activation = new ActivationEpilogue(context, activation, [shape.Batch, shape.Length, shape.Channels], KeepsHistory);
        _shape = shape;
    }

    public override void Forward(Tensor<float> output)
    {
        Span<float> z = _activation.Target(output);
        if (_bias is { } bias)
        {
            ReadOnlySpan<float> row = bias.Read();
            for (int i = 0; i < z.Length; i += row.Length)
                row.CopyTo(z[i..]);
        }
        Conv1DKernel.InputGradient(Workers, _shape, _x.Read(), _kernel.Read(), z, accumulate: _bias is not null);
        if (_activation.Fused != ActivationKind.Linear)
            Activations.Forward(Workers, _activation.Fused, z, z);
        _activation.Finish(Workers, output);
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        ReadOnlySpan<float> dz = _activation.Backward(Workers, Output.Value, dy);
        if (destinations[0].IsNeeded)
            Conv1DKernel.Forward(Workers, _shape, dz, _kernel.Read(), default, ActivationKind.Linear, destinations[0].Span, destinations[0].Accumulate);
        if (destinations[1].IsNeeded)
            Conv1DKernel.WeightGradient(Workers, _shape, dz, _x.Read(), destinations[1].Span, destinations[1].Accumulate);
        if (destinations.Length > 2 && destinations[2].IsNeeded)
            Reductions.SumRows(Workers, _shape.Batch * _shape.Length, _shape.Channels, dz, destinations[2].Span, destinations[2].Accumulate);
    }
}

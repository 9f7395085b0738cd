using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// <c>y[n, l, f] = act(b[f] + Σ x[n, l·stride + k·dilation − before, c] · W[k, c, f])</c>, cross-correlation over steps, one node.
    /// Gradient, with <c>dz = dy · act′</c>: dx and dW are correlations with dz, <c>db = Σ dz</c>.
    /// </summary>
    /// <param name="x">(batch, steps, channels).</param>
    /// <param name="kernel">W: (kernel size, channels / groups, filters).</param>
    /// <param name="bias">b: (filters), or null.</param>
    /// <param name="stride">Steps from one window to the next, 1 or more.</param>
    /// <param name="dilation">Steps between the taps of a window, 1 or more.</param>
    /// <param name="padding">Zeros around the sequence.</param>
    /// <param name="activation">act.</param>
    /// <param name="groups">Equal parts of the channels, each of which meets its own part of the filters; 1 for all with all.</param>
    /// <returns>(batch, output steps, filters).</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or no whole window fits the sequence.</exception>
    public static Variable Conv1D(
        Variable x, Variable kernel, Variable? bias = null, int stride = 1, int dilation = 1,
        ConvolutionPadding padding = ConvolutionPadding.Valid, ActivationKind activation = ActivationKind.Linear, int groups = 1)
    {
        CallContext context = Operands.ContextOf(nameof(Conv1D), x, kernel, bias);
        if (x.Rank != 3)
            Throw.Operand(nameof(Conv1D), "x", x.Shape, "(batch, steps, channels)", "A flattened value has lost its steps: Reshape it.");
        CheckGroups(nameof(Conv1D), x, kernel, groups);
        if (kernel.Rank != 3 || kernel.Shape[1] != x.Shape[2] / groups)
            Throw.Pair(nameof(Conv1D), "channels do not meet the kernel", x.Shape, kernel.Shape, $"kernel (kernel size, {x.Shape[2] / groups}, filters)", "Channels are the last axis.");
        CheckBias(nameof(Conv1D), bias, kernel.Shape[2]);
        Conv1DShape shape = Conv1DShape.Create(x.Shape[0], x.Shape[1], x.Shape[2] / groups, kernel.Shape[2] / groups, kernel.Shape[0], stride, dilation, padding);
        GradientNode node = groups == 1 ? new Conv1DNode(context, x, kernel, bias, activation, shape) : new GroupedConv1DNode(context, x, kernel, bias, activation, groups, shape);
        return context.Run(node, shape.Batch, shape.OutputLength, kernel.Shape[2]);
    }

    private static void CheckGroups(string operation, Variable x, Variable kernel, int groups)
    {
        if (groups < 1)
            Throw.Range(operation, $"received {groups} groups; expected 1 or more.");
        if (x.Shape[^1] % groups != 0 || (kernel.Rank > 0 && kernel.Shape[^1] % groups != 0))
            Throw.Pair(operation, $"{groups} groups do not divide channels and filters", x.Shape, kernel.Shape, $"last axes that are multiples of {groups}", "Channels and filters are the last axes.");
    }
}

/// <summary>A convolution over steps with bias and activation in its epilogue.</summary>
internal sealed class Conv1DNode : GradientNode
{
    private readonly Operand _x;
    private readonly Operand _kernel;
    private readonly Operand? _bias;
    private readonly ActivationEpilogue _activation;
    private readonly Conv1DShape _shape;

    public Conv1DNode(CallContext context, Variable x, Variable kernel, Variable? bias, ActivationKind activation, Conv1DShape shape)
        : base(context, bias is null ? [x, kernel] : [x, kernel, bias])
    {
        _x = new Operand(context, x);
        _kernel = new Operand(context, kernel);
        _bias = bias is null ? null : new Operand(context, bias);
        _activation = new ActivationEpilogue(context, activation, [shape.Batch, shape.OutputLength, shape.Filters], KeepsHistory, kernelDerives: true);
        _shape = shape;
    }

    public override void Forward(Tensor<float> output)
    {
        ReadOnlySpan<float> bias = _bias is { } operand ? operand.Read() : default;
        Conv1DKernel.Forward(Workers, _shape, _x.Read(), _kernel.Read(), bias, _activation.Fused, _activation.Target(output));
        _activation.Finish(Workers, output);
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        var pass = new Conv1DBackward
        {
            Activation = _activation.Kind,
            X = _x.Read(),
            Kernel = _kernel.Read(),
            Z = _activation.Kept,
            Y = Output.Value.AsSpan(),
            DY = dy.AsSpan(),
        };
        if (destinations[0].IsNeeded)
        {
            pass.DX = destinations[0].Span;
            pass.AddDX = destinations[0].Accumulate;
        }
        if (destinations[1].IsNeeded)
        {
            pass.DKernel = destinations[1].Span;
            pass.AddDKernel = destinations[1].Accumulate;
        }
        if (destinations.Length > 2 && destinations[2].IsNeeded)
        {
            pass.DBias = destinations[2].Span;
            pass.AddDBias = destinations[2].Accumulate;
        }
        Conv1DKernel.Backward(Workers, _shape, pass);
    }
}

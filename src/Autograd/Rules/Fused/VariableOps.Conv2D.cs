using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// <c>y[n, i, j, f] = act(b[f] + Σ x[n, i·sh + a·dh − above, j·sw + b·dw − left, c] · W[a, b, c, f])</c>, cross-correlation over rows and columns,
    /// one node. Gradient, with <c>dz = dy · act′</c>: dx and dW are correlations with dz, <c>db = Σ dz</c>.
    /// </summary>
    /// <param name="x">(batch, rows, columns, channels).</param>
    /// <param name="kernel">W: (kernel rows, kernel columns, channels / groups, filters).</param>
    /// <param name="bias">b: (filters), or null.</param>
    /// <param name="strides">Entries from one window to the next along rows and columns, 1 or more; (1, 1) when null.</param>
    /// <param name="dilations">Entries between the taps of a window along rows and columns, 1 or more; (1, 1) when null.</param>
    /// <param name="padding">Valid or Same.</param>
    /// <param name="activation">act.</param>
    /// <param name="groups">Equal parts of the channels, each of which meets its own part of the filters; 1 for all with all.</param>
    /// <returns>(batch, output rows, output columns, filters).</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or no whole window fits the image.</exception>
    public static Variable Conv2D(
        Variable x, Variable kernel, Variable? bias = null, (int Rows, int Columns)? strides = null, (int Rows, int Columns)? dilations = null,
        ConvolutionPadding padding = ConvolutionPadding.Valid, ActivationKind activation = ActivationKind.Linear, int groups = 1)
    {
        const string Name = nameof(Conv2D);
        CallContext context = Operands.ContextOf(Name, x, kernel, bias);
        if (x.Rank != 4)
            Throw.Operand(Name, "x", x.Shape, "(batch, rows, columns, channels)", "Reshape an image without channels to one channel.");
        CheckGroups(Name, x, kernel, groups);
        if (kernel.Rank != 4 || kernel.Shape[2] != x.Shape[3] / groups)
            Throw.Pair(Name, "channels do not meet the kernel", x.Shape, kernel.Shape, $"kernel (kernel rows, kernel columns, {x.Shape[3] / groups}, filters)", "Channels are the last axis.");
        CheckBias(Name, bias, kernel.Shape[3]);
        (int Rows, int Columns) stride = strides ?? (1, 1), dilation = dilations ?? (1, 1);
        Conv2DShape shape = Conv2DShape.Create(
            x.Shape[0],
            WindowAxis.Create(Name, "rows", x.Shape[1], kernel.Shape[0], stride.Rows, dilation.Rows, padding),
            WindowAxis.Create(Name, "columns", x.Shape[2], kernel.Shape[1], stride.Columns, dilation.Columns, padding),
            x.Shape[3] / groups, kernel.Shape[3] / groups);
        GradientNode node = groups == 1 ? new Conv2DNode(context, x, kernel, bias, activation, shape) : new GroupedConv2DNode(context, x, kernel, bias, activation, groups, shape);
        return context.Run(node, shape.Batch, shape.Rows.OutputLength, shape.Columns.OutputLength, kernel.Shape[3]);
    }
}

/// <summary>A convolution over rows and columns with bias and activation in its epilogue.</summary>
internal sealed class Conv2DNode : GradientNode
{
    private readonly Operand _x;
    private readonly Operand _kernel;
    private readonly Operand? _bias;
    private readonly ActivationEpilogue _activation;
    private readonly Conv2DShape _shape;

    public Conv2DNode(CallContext context, Variable x, Variable kernel, Variable? bias, ActivationKind activation, Conv2DShape shape)
        : base(context, bias is null ? [x, kernel] : [x, kernel, bias])
    {
        _x = new Operand(context, x);
        _kernel = new Operand(context, kernel);
        _bias = bias is null ? null : new Operand(context, bias);
        _activation = new ActivationEpilogue(context, activation, [shape.Batch, shape.Rows.OutputLength, shape.Columns.OutputLength, shape.Filters], KeepsHistory);
        _shape = shape;
    }

    public override void Forward(Tensor<float> output)
    {
        ReadOnlySpan<float> bias = _bias is { } operand ? operand.Read() : default;
        Conv2DKernel.Forward(Workers, _shape, _x.Read(), _kernel.Read(), bias, _activation.Fused, _activation.Target(output));
        _activation.Finish(Workers, output);
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        ReadOnlySpan<float> dz = _activation.Backward(Workers, Output.Value, dy);
        if (destinations[0].IsNeeded)
            Conv2DKernel.InputGradient(Workers, _shape, dz, _kernel.Read(), destinations[0].Span, destinations[0].Accumulate);
        if (destinations[1].IsNeeded)
            Conv2DKernel.WeightGradient(Workers, _shape, _x.Read(), dz, destinations[1].Span, destinations[1].Accumulate);
        if (destinations.Length > 2 && destinations[2].IsNeeded)
        {
            int rows = _shape.Batch * _shape.Rows.OutputLength * _shape.Columns.OutputLength;
            Reductions.SumRows(Workers, rows, _shape.Filters, dz, destinations[2].Span, destinations[2].Accumulate);
        }
    }
}

using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

/// <summary>
/// A convolution in groups: group g of the channels meets group g of the filters and no other. The groups of x, kernel and result lie between
/// each other, so they are copied apart, (entries, groups · width) to (groups, entries, width), convolved one after the other, and put together again.
/// </summary>
internal abstract class GroupedConvolutionNode : GradientNode
{
    private readonly Operand _x;
    private readonly Operand _kernel;
    private readonly Operand? _bias;
    private readonly ActivationEpilogue _activation;
    private readonly int _groups;
    private readonly int _filters;
    private readonly Tensor<float> _xParts;
    private readonly Tensor<float> _kernelParts;
    private readonly Tensor<float> _yParts;
    private readonly Tensor<float>? _gradientParts;

    protected GroupedConvolutionNode(CallContext context, Variable x, Variable kernel, Variable? bias, ActivationKind activation, int groups, ReadOnlySpan<int> outputShape)
        : base(context, bias is null ? [x, kernel] : [x, kernel, bias])
    {
        _x = new Operand(context, x);
        _kernel = new Operand(context, kernel);
        _bias = bias is null ? null : new Operand(context, bias);
        _activation = new ActivationEpilogue(context, activation, outputShape, KeepsHistory);
        _groups = groups;
        _filters = kernel.Shape[^1];
        _xParts = Keep(x.Shape);
        _kernelParts = Keep(kernel.Shape);
        _yParts = Keep(outputShape);
        _gradientParts = KeepsHistory ? Keep(kernel.Shape) : null;
    }

    public sealed override void Forward(Tensor<float> output)
    {
        Apart(_x.Read(), _xParts.AsSpan(), Inputs[0].Shape[^1] / _groups);
        Apart(_kernel.Read(), _kernelParts.AsSpan(), _filters / _groups);
        ReadOnlySpan<float> bias = _bias is { } operand ? operand.Read() : default;
        for (int group = 0; group < _groups; group++)
        {
            ReadOnlySpan<float> ofGroup = bias.IsEmpty ? default : bias.Slice(group * (_filters / _groups), _filters / _groups);
            ForwardPart(Part(_xParts, group), Part(_kernelParts, group), ofGroup, _activation.Fused, Part(_yParts, group));
        }
        Together(_yParts.AsSpan(), _activation.Target(output), _filters / _groups, accumulate: false);
        _activation.Finish(Workers, output);
    }

    public sealed override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        ReadOnlySpan<float> dz = _activation.Backward(Workers, Output.Value, dy);
        Apart(dz, _yParts.AsSpan(), _filters / _groups);
        int width = Inputs[0].Shape[^1] / _groups;
        if (destinations[1].IsNeeded)
        {
            // The parts of x hold its gradient after an earlier backward pass.
            Apart(_x.Read(), _xParts.AsSpan(), width);
            for (int group = 0; group < _groups; group++)
                WeightPart(Part(_xParts, group), Part(_yParts, group), Part(_gradientParts!, group));
            Together(_gradientParts!.AsSpan(), destinations[1].Span, _filters / _groups, destinations[1].Accumulate);
        }
        if (destinations[0].IsNeeded)
        {
            for (int group = 0; group < _groups; group++)
                InputPart(Part(_yParts, group), Part(_kernelParts, group), Part(_xParts, group));
            Together(_xParts.AsSpan(), destinations[0].Span, width, destinations[0].Accumulate);
        }
        if (destinations.Length > 2 && destinations[2].IsNeeded)
            Reductions.SumRows(Workers, dz.Length / _filters, _filters, dz, destinations[2].Span, destinations[2].Accumulate);
    }

    /// <summary>The convolution of one group.</summary>
    protected abstract void ForwardPart(ReadOnlySpan<float> x, ReadOnlySpan<float> kernel, ReadOnlySpan<float> bias, ActivationKind activation, Span<float> y);

    /// <summary>Overwrites dx of one group.</summary>
    protected abstract void InputPart(ReadOnlySpan<float> dy, ReadOnlySpan<float> kernel, Span<float> dx);

    /// <summary>Overwrites dkernel of one group.</summary>
    protected abstract void WeightPart(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dkernel);

    private Span<float> Part(Tensor<float> parts, int group) => parts.AsSpan().Slice(group * (parts.Count / _groups), parts.Count / _groups);

    private void Apart(ReadOnlySpan<float> whole, Span<float> parts, int width)
    {
        int entries = whole.Length / (_groups * width);
        for (int group = 0; group < _groups; group++)
        {
            for (int entry = 0; entry < entries; entry++)
                whole.Slice(((entry * _groups) + group) * width, width).CopyTo(parts[(((group * entries) + entry) * width)..]);
        }
    }

    private void Together(ReadOnlySpan<float> parts, Span<float> whole, int width, bool accumulate)
    {
        int entries = whole.Length / (_groups * width);
        for (int group = 0; group < _groups; group++)
        {
            for (int entry = 0; entry < entries; entry++)
            {
                ReadOnlySpan<float> from = parts.Slice(((group * entries) + entry) * width, width);
                Span<float> to = whole.Slice(((entry * _groups) + group) * width, width);
                if (!accumulate)
                {
                    from.CopyTo(to);
                    continue;
                }
                for (int i = 0; i < width; i++)
                    to[i] += from[i];
            }
        }
    }
}

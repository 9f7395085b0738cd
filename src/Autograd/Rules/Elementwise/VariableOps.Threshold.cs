using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>y = x where x &gt; threshold, else value. Gradient: dy where x &gt; threshold, else 0.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="threshold">Inputs above it pass.</param>
    /// <param name="value">What the others become.</param>
    public static Variable Threshold(Variable x, float threshold, float value)
    {
        CallContext context = Operands.ContextOf(nameof(Threshold), x);
        return context.Run(new ThresholdNode(context, x, threshold, value), x.Shape);
    }
}

/// <summary>The part above a threshold; which part that is follows from x alone, for the value may lie anywhere.</summary>
internal sealed class ThresholdNode : GradientNode
{
    private readonly Operand _x;
    private readonly float _threshold;
    private readonly float _value;

    public ThresholdNode(CallContext context, Variable x, float threshold, float value)
        : base(context, x)
    {
        _x = new Operand(context, x);
        _threshold = threshold;
        _value = value;
    }

    public override void Forward(Tensor<float> output) => Activations.ThresholdForward(Workers, _x.Read(), output.AsSpan(), _threshold, _value);

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        if (destinations[0].IsNeeded)
            Activations.ThresholdBackward(Workers, _x.Read(), dy.AsSpan(), destinations[0].Span, _threshold, destinations[0].Accumulate);
    }
}

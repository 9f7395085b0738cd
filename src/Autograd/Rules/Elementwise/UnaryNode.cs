using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

/// <summary>Any element-wise function of one operand: <c>dx = dy · f′(x)</c>.</summary>
/// <typeparam name="TRule">The function and its derivative.</typeparam>
internal sealed class UnaryNode<TRule> : GradientNode
    where TRule : struct, IUnaryRule
{
    private readonly TRule _rule;
    private readonly Operand _x;

    public UnaryNode(CallContext context, Variable x, TRule rule)
        : base(context, x)
    {
        _rule = rule;
        _x = new Operand(context, x);
    }

    public override void Forward(Tensor<float> output) => _rule.Forward(Workers, _x.Read(), output.AsSpan());

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        if (destinations[0].IsNeeded)
            _rule.Backward(Workers, _x.Read(), Output.Value.AsSpan(), dy.AsSpan(), destinations[0].Span, destinations[0].Accumulate);
    }
}

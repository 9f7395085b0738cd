using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

/// <summary>The input's elements in another order, a part of them, or repeated: transpose, flip, slice, broadcast.</summary>
internal sealed class StridedNode : GradientNode
{
    private readonly Operand _x;
    private readonly StridedMap _map;

    public StridedNode(CallContext context, Variable x, StridedMap map)
        : base(context, x)
    {
        _x = new Operand(context, x);
        _map = map;
    }

    public override void Forward(Tensor<float> output) => _map.Read(_x.Read(), output.AsSpan());

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        if (destinations[0].IsNeeded)
            _map.WriteBack(dy.AsSpan(), destinations[0].Span, destinations[0].Accumulate);
    }
}

using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>y = l1 · Σ |x| + l2 · Σ x², one number. Gradient: <c>dx = dy · (l1 · sign(x) + 2 l2 · x)</c>, where sign(0) = 0.</summary>
    /// <remarks>Source: Zou, Hastie, Regularization and variable selection via the elastic net, 2005.</remarks>
    /// <param name="x">Any shape.</param>
    /// <param name="l1">The factor of the absolute values.</param>
    /// <param name="l2">The factor of the squares.</param>
    public static Variable ElasticPenalty(Variable x, double l1, double l2)
    {
        CallContext context = Operands.ContextOf(nameof(ElasticPenalty), x);
        return context.Run(new ElasticPenaltyNode(context, x, l1, l2));
    }
}

/// <summary>A sum of absolute values and squares, in one fixed order.</summary>
internal sealed class ElasticPenaltyNode : GradientNode
{
    private readonly Operand _x;
    private readonly double _l1;
    private readonly double _l2;

    public ElasticPenaltyNode(CallContext context, Variable x, double l1, double l2)
        : base(context, x)
    {
        _x = new Operand(context, x);
        _l1 = l1;
        _l2 = l2;
    }

    public override void Forward(Tensor<float> output)
    {
        ReadOnlySpan<float> x = _x.Read();
        double absolutes = _l1 == 0 ? 0 : Reductions.SumOfAbsolutes(Workers, x), squares = _l2 == 0 ? 0 : Reductions.SumOfSquares(Workers, x);
        output.AsSpan()[0] = (float)((_l1 * absolutes) + (_l2 * squares));
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        if (!destinations[0].IsNeeded)
            return;
        ReadOnlySpan<float> x = _x.Read();
        Span<float> dx = destinations[0].Span;
        BinaryGradients.Scaled(Workers, x, (float)(2 * _l2 * dy.AsSpan()[0]), dx, destinations[0].Accumulate);
        if (_l1 != 0)
            Elementwise.AddSigns(Workers, x, (float)(_l1 * dy.AsSpan()[0]), dx);
    }
}

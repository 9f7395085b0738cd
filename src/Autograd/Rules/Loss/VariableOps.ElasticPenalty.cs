using System.Runtime.CompilerServices;
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

/// <summary>A sum of absolute values and squares, in double and in one fixed order.</summary>
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Forward(Tensor<float> output)
    {
        double absolutes = 0, squares = 0;
        foreach (float value in _x.Read())
        {
            absolutes += Math.Abs(value);
            squares += (double)value * value;
        }
        output.AsSpan()[0] = (float)((_l1 * absolutes) + (_l2 * squares));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        if (!destinations[0].IsNeeded)
            return;
        ReadOnlySpan<float> x = _x.Read();
        Span<float> dx = destinations[0].Span;
        bool accumulate = destinations[0].Accumulate;
        float slope = (float)(_l1 * dy.AsSpan()[0]), pull = (float)(2 * _l2 * dy.AsSpan()[0]);
        for (int i = 0; i < dx.Length; i++)
        {
            float sign = x[i] > 0 ? slope : x[i] < 0 ? -slope : 0f;
            float value = sign + (pull * x[i]);
            dx[i] = accumulate ? dx[i] + value : value;
        }
    }
}

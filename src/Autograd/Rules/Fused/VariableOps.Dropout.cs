using System.Globalization;
using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// While training, each element becomes 0 with probability rate and x / (1 − rate) otherwise; else x itself. Gradient: dy through the same mask.
    /// </summary>
    /// <remarks>The mask is a function of the key, <see cref="CallContext.Step"/> and the element's position: a replayed step draws a fresh one.</remarks>
    /// <param name="x">Any shape.</param>
    /// <param name="rate">The probability, in [0, 1]; 1 drops everything.</param>
    /// <param name="key">The random stream; see <see cref="CallContext.DrawKey"/>.</param>
    /// <param name="noiseShape">The mask's shape, which broadcasts to x: size 1 drops along a whole axis together. That of x when empty.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is outside [0, 1].</exception>
    /// <exception cref="ArgumentException">The noise shape does not broadcast to x.</exception>
    public static Variable Dropout(Variable x, double rate, RandomKey key, params ReadOnlySpan<int> noiseShape)
    {
        CallContext context = Operands.ContextOf(nameof(Dropout), x);
        if (!(rate >= 0.0 && rate <= 1.0))
            Throw.Range(nameof(Dropout), $"received rate {rate.ToString(CultureInfo.InvariantCulture)}; expected 0 ≤ rate ≤ 1. The rate is the share that is dropped, not kept.");
        if (!context.Training || rate == 0.0)
            return x;
        ReadOnlySpan<int> noise = noiseShape.IsEmpty ? x.Shape : noiseShape;
        BroadcastPlan plan = BroadcastPlan.Create("Dropout (noise shape)", x.Shape, noise);
        if (!x.Shape.SequenceEqual(plan.OutputShape))
            Throw.Pair(nameof(Dropout), "the noise shape is larger than x", x.Shape, noise, "on every axis the size of x, or 1", "Use 1 where all positions share one draw.");
        return noise.SequenceEqual(x.Shape)
            ? context.Run(new DropoutNode(context, x, rate, key), x.Shape)
            : Multiply(x, context.Run(new DropoutNode(context, Ones(context, noise), rate, key), noise));
    }

    private static Variable Ones(CallContext context, ReadOnlySpan<int> shape)
    {
        Tensor<float> ones = context.Allocator.Allocate(shape);
        ones.AsSpan().Fill(1f);
        return context.Constant(ones);
    }
}

/// <summary>x · mask; the mask is drawn anew at each run and kept for backward.</summary>
internal sealed class DropoutNode : GradientNode
{
    private readonly Operand _x;
    private readonly double _rate;
    private readonly RandomKey _key;
    private readonly Tensor<float> _mask;

    public DropoutNode(CallContext context, Variable x, double rate, RandomKey key)
        : base(context, x)
    {
        _x = new Operand(context, x);
        _rate = rate;
        _key = key;
        _mask = Keep(x.Shape);
    }

    public override void Forward(Tensor<float> output)
        => DropoutMask.Forward(Workers, _key.Derive(Context.Step).Value, _rate, _x.Read(), output.AsSpan(), _mask.AsSpan());

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        if (!destinations[0].IsNeeded)
            return;
        if (!destinations[0].Accumulate)
        {
            Elementwise.Multiply(Workers, dy.AsSpan(), _mask.AsSpan(), destinations[0].Span);
            return;
        }
        ReadOnlySpan<float> from = dy.AsSpan(), mask = _mask.AsSpan();
        Span<float> dx = destinations[0].Span;
        for (int i = 0; i < dx.Length; i++)
            dx[i] += from[i] * mask[i];
    }
}

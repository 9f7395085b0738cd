using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>
    /// Chooses element by element under NumPy's broadcasting: <paramref name="then"/> where the condition is not 0, <paramref name="otherwise"/> where it is.
    /// Nothing is multiplied: a NaN or an infinity that is not chosen leaves no trace, and the gradient there is 0 whatever dy is.
    /// Gradient: dy to the chosen one, summed over repeated axes; none for the condition.
    /// </summary>
    /// <param name="condition">A shape that broadcasts with the others.</param>
    /// <param name="then">Any shape.</param>
    /// <param name="otherwise">A shape that broadcasts with it.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Variable Where(Variable condition, Variable then, Variable otherwise)
    {
        CallContext context = Operands.ContextOf(nameof(Where), condition, then, otherwise);
        int[] shape = BroadcastPlan.Create(nameof(Where), BroadcastPlan.Create(nameof(Where), then.Shape, otherwise.Shape).OutputShape, condition.Shape).OutputShape;
        BroadcastPlan plan = BroadcastPlan.Create(nameof(Where), condition.Shape, shape);
        return context.Run(new WhereNode(context, condition, Widened(then, shape, context), Widened(otherwise, shape, context), plan), shape);
    }

    private static Variable Widened(Variable x, int[] shape, CallContext context)
        => x.Shape.SequenceEqual(shape) ? x : BroadcastTo(x.Context is null ? InContext(x, context) : x, shape);
}

/// <summary>Takes each element from one of two operands of the output's shape; the condition is read under broadcasting.</summary>
internal sealed class WhereNode : GradientNode
{
    private readonly BroadcastPlan _plan;
    private readonly Operand _condition;
    private readonly Operand _then;
    private readonly Operand _otherwise;

    public WhereNode(CallContext context, Variable condition, Variable then, Variable otherwise, BroadcastPlan plan)
        : base(context, condition, then, otherwise)
    {
        _plan = plan;
        _condition = new Operand(context, condition);
        _then = new Operand(context, then);
        _otherwise = new Operand(context, otherwise);
    }

    public override void Forward(Tensor<float> output)
    {
        ReadOnlySpan<float> condition = _condition.Read(), then = _then.Read(), otherwise = _otherwise.Read();
        Span<float> y = output.AsSpan();
        StridedWalk walk = _plan.Walk();
        for (int start = 0, length = walk.RunLength, stride = walk.FirstStride; walk.MoveNext(); start += length)
        {
            // A mask (batch, 1) decides whole rows: they are copied.
            if (stride == 0)
            {
                (condition[walk.First] != 0f ? then : otherwise).Slice(start, length).CopyTo(y[start..]);
            }
            else
            {
                for (int i = 0; i < length; i++)
                    y[start + i] = condition[walk.First + (i * stride)] != 0f ? then[start + i] : otherwise[start + i];
            }
        }
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
    {
        Operands.WriteNothing(destinations[0]);
        ReadOnlySpan<float> condition = _condition.Read();
        BackwardOne(condition, chosen: true, dy.AsSpan(), destinations[1]);
        BackwardOne(condition, chosen: false, dy.AsSpan(), destinations[2]);
    }

    private void BackwardOne(ReadOnlySpan<float> condition, bool chosen, ReadOnlySpan<float> dy, GradientDestination destination)
    {
        if (!destination.IsNeeded)
            return;
        Span<float> gradient = destination.Span;
        bool adds = destination.Accumulate;
        StridedWalk walk = _plan.Walk();
        for (int start = 0, length = walk.RunLength, stride = walk.FirstStride; walk.MoveNext(); start += length)
        {
            for (int i = 0; i < length; i++)
            {
                if ((condition[walk.First + (i * stride)] != 0f) == chosen)
                    gradient[start + i] = adds ? gradient[start + i] + dy[start + i] : dy[start + i];
                else if (!adds)
                    gradient[start + i] = 0f;
            }
        }
    }
}

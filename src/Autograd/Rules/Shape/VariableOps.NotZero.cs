using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>1 where an entry is not 0, NaN included, and 0 where it is: the mask of ids whose 0 is padding. No gradient flows.</summary>
    /// <param name="x">Any shape.</param>
    public static Variable NotZero(Variable x)
    {
        CallContext context = Operands.ContextOf(nameof(NotZero), x);
        return context.Run(new NotZeroNode(context, x), x.Shape);
    }
}

/// <summary>Marks entries other than 0.</summary>
internal sealed class NotZeroNode : GradientNode
{
    private readonly Operand _x;

    public NotZeroNode(CallContext context, Variable x)
        : base(context, x) => _x = new Operand(context, x);

    public override void Forward(Tensor<float> output)
    {
        ReadOnlySpan<float> x = _x.Read();
        Span<float> mask = output.AsSpan();
        for (int i = 0; i < mask.Length; i++)
            mask[i] = x[i] != 0f ? 1f : 0f;
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
        => Operands.WriteNothing(destinations[0]);
}

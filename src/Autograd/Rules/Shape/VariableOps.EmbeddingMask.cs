using FlatFuse.Tensors;

namespace FlatFuse.Autograd;

public static partial class VariableOps
{
    /// <summary>1 where an id is a word, 0 where it is padding (id 0). No gradient flows.</summary>
    /// <param name="ids">Any shape.</param>
    public static Variable EmbeddingMask(Variable ids)
    {
        CallContext context = Operands.ContextOf(nameof(EmbeddingMask), ids);
        return context.Run(new EmbeddingMaskNode(context, ids), ids.Shape);
    }
}

/// <summary>Marks ids other than 0.</summary>
internal sealed class EmbeddingMaskNode : GradientNode
{
    private readonly Operand _ids;

    public EmbeddingMaskNode(CallContext context, Variable ids)
        : base(context, ids) => _ids = new Operand(context, ids);

    public override void Forward(Tensor<float> output)
    {
        ReadOnlySpan<float> ids = _ids.Read();
        Span<float> mask = output.AsSpan();
        for (int i = 0; i < mask.Length; i++)
            mask[i] = ids[i] != 0f ? 1f : 0f;
    }

    public override void Backward(Tensor<float> dy, ReadOnlySpan<GradientDestination> destinations)
        => Operands.WriteNothing(destinations[0]);
}

using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers;

/// <summary>What attention layers do with masks: a score that must not count is moved so far down that its softmax is 0.</summary>
internal static class AttentionMasks
{
    // Keras's number: exp(−1e9) is 0, and a row in which nothing counts becomes an even spread instead of NaN.
    private const float Down = 1e9f;

    /// <summary>1 where query step i may see value step j ≤ i: (1, queries, values).</summary>
    public static Variable Causal(CallContext context, int queries, int values)
    {
        Tensor<float> mask = context.Allocator.Allocate(1, queries, values);
        Span<float> entries = mask.AsSpan();
        for (int i = 0; i < queries; i++)
        {
            for (int j = 0; j < values; j++)
                entries[(i * values) + j] = j <= i ? 1f : 0f;
        }
        return context.Constant(mask);
    }

    /// <summary>A mask (batch, steps) of the values as one of the scores: (batch, 1, values).</summary>
    public static Variable OfValues(Variable mask) => VariableOps.Reshape(mask, mask.Shape[0], 1, mask.Shape[1]);

    /// <summary>A mask (batch, steps) of the queries as one of the scores: (batch, queries, 1).</summary>
    public static Variable OfQueries(Variable mask) => VariableOps.Reshape(mask, mask.Shape[0], mask.Shape[1], 1);

    /// <summary>Both masks, where there are any.</summary>
    public static Variable? And(Variable? left, Variable? right)
        => left is null ? right : right is null ? left : left * right;

    /// <summary>The scores, moved down where the mask is 0.</summary>
    public static Variable Apply(Variable scores, Variable? mask)
        => mask is null ? scores : scores + VariableOps.Affine(mask, Down, -Down);
}

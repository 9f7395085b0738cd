using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Layers.Tests;

/// <summary>Masks and laws of attention.</summary>
public sealed class AttentionTests
{
    private readonly CallContext _context = new();

    public static TheoryData<string> Kinds => ["dot", "concat", "additive", "heads"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Padding_among_the_values_is_not_seen(string kind)
    {
        Layer layer = Made(kind, causal: false);
        Tensor<float> query = Values.Random(1, 1, 2, 3), value = Values.Random(2, 1, 4, 3);
        Variable mask = _context.Constant(Values.Of([1, 1, 1, 0], 1, 4));
        LayerValue padded = layer.Invoke([new LayerValue(_context.Constant(query)), new LayerValue(_context.Constant(value), mask)], _context)[0];
        Variable alone = layer.Apply(_context.Constant(query), VariableOps.Slice(_context.Constant(value), 1, 0, 3));
        Values.Near(alone, padded.Variable);
        Assert.Null(padded.Mask);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_causal_layer_sees_no_later_step(string kind)
    {
        Layer layer = Made(kind, causal: true);
        Tensor<float> x = Values.Random(1, 1, 4, 3);
        Variable whole = layer.Apply(_context.Constant(x), _context.Constant(x));
        for (int steps = 1; steps < 4; steps++)
        {
            Variable part = VariableOps.Slice(_context.Constant(x), 1, 0, steps);
            Values.Near(layer.Apply(part, part), VariableOps.Slice(whole, 1, 0, steps));
        }
    }

    /// <summary>Keras gives MultiHeadAttention's weights before dropout, those of the others after it.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Weights_asked_for_at_a_call_are_those_that_add_the_values(string kind)
    {
        Layer layer = Made(kind, causal: false);
        Variable x = _context.Constant(Values.Random(1, 2, 4, 3));
        IReadOnlyList<Variable> both = layer.ApplyMany(new CallOptions { ReturnAttentionScores = true, UseCausalMask = true }, x, x);
        Variable weights = both[1];
        Assert.Equal(kind == "heads" ? [2, 2, 4, 4] : [2, 4, 4], weights.Shape.ToArray());
        Values.Near(Made(kind, causal: true).Apply(x, x), both[0]);
        Values.Near(layer.Apply(x, x), layer.ApplyMany(new CallOptions { ReturnAttentionScores = true }, x, x)[0]);
        Values.Near(_context.Constant(Tensor.Full(1f, weights.Shape[..^1])), VariableOps.Sum(weights, -1));
        float[] numbers = Values.Numbers(weights);
        for (int i = 0; i < numbers.Length; i++)
            Assert.Equal(i % 4 <= i / 4 % 4, numbers[i] != 0f);
        if (kind != "heads")
            Values.Near(both[0], VariableOps.MatMul(weights, x));
    }

    [Theory]
    [InlineData("dot")]
    [InlineData("additive")]
    public void Padding_among_the_queries_gives_zeros_and_its_mask_passes(string kind)
    {
        Variable mask = _context.Constant(Values.Of([1, 0], 1, 2));
        LayerValue y = Made(kind, causal: false).Invoke(
            [new LayerValue(_context.Constant(Values.Random(1, 1, 2, 3)), mask), new LayerValue(_context.Constant(Values.Random(2, 1, 4, 3)))], _context)[0];
        Assert.Same(mask, y.Mask);
        Assert.Equal([0f, 0, 0], Values.Numbers(y.Variable)[3..]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Values_that_are_all_padding_give_finite_numbers(string kind)
    {
        Variable mask = _context.Constant(Values.Of([0, 0, 0], 1, 3));
        LayerValue y = Made(kind, causal: false).Invoke(
            [new LayerValue(_context.Constant(Values.Random(1, 1, 2, 3))), new LayerValue(_context.Constant(Values.Random(2, 1, 3, 3)), mask)], _context)[0];
        Assert.All(Values.Numbers(y.Variable), number => Assert.True(float.IsFinite(number)));
    }

    [Fact]
    public void One_head_with_identity_projections_is_scaled_dot_attention()
    {
        MultiHeadAttention heads = LayerCheck.Built(new MultiHeadAttention(1, 4) { UseBias = false }, [1, 3, 4], [1, 3, 4]);
        foreach (Parameter kernel in heads.Parameters)
            kernel.Assign(Tensor.From<float>(Identity(4), kernel.Shape));
        Variable x = _context.Constant(Values.Random(1, 1, 3, 4)), y = _context.Constant(Values.Random(2, 1, 5, 4));
        Values.Near(new Attention().Apply(x * 0.5f, y), heads.Apply(x, y));
    }

    [Fact]
    public void Dot_of_normalised_vectors_is_their_cosine()
    {
        Variable a = _context.Constant(Values.Of([3, 4], 1, 2)), b = _context.Constant(Values.Of([4, 3], 1, 2));
        Assert.Equal(24f / 25, Values.Numbers(new Dot(1) { Normalize = true }.Apply(a, b))[0], 1e-6f);
    }

    [Fact]
    public void A_Lambda_infers_unknown_sizes_and_keeps_known_ones()
    {
        SymbolicTensor x = Input.Of([null, 6]);
        SymbolicTensor y = new Lambda(value => VariableOps.Concatenate([value, value], 2)).Apply(x);
        Assert.Equal("(None, None, 12)", y.Shape.ToString());
        Assert.False(y.Layer.CanReplay);
    }

    private static float[] Identity(int size)
    {
        var matrix = new float[size * size];
        for (int i = 0; i < size; i++)
            matrix[(i * size) + i] = 1;
        return matrix;
    }

    private static Layer Made(string kind, bool causal)
    {
        Layer layer = kind switch
        {
            "dot" => new Attention { UseScale = true, UseCausalMask = causal },
            "concat" => new Attention { ConcatScores = true, UseCausalMask = causal },
            "additive" => new AdditiveAttention { UseCausalMask = causal },
            _ => new MultiHeadAttention(2, 2) { UseCausalMask = causal },
        };
        return LayerCheck.Built(layer, [1, 2, 3], [1, 4, 3]);
    }
}

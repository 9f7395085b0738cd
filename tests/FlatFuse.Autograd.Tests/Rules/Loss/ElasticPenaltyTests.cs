using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class ElasticPenaltyTests
{
    [Fact]
    public void Zero_has_no_pull_and_nothing_costs_nothing()
    {
        Variable x = new CallContext().Leaf(Tensor.Zeros<float>(2));
        VariableOps.ElasticPenalty(x, 1, 1).Backward();
        Assert.Equal([0f, 0], x.Gradient!.ToArray());
        Assert.Equal(0f, VariableOps.ElasticPenalty(x.Context!.Constant(Tensor.Zeros<float>(0, 3)), 1, 1).Value.AsSpan()[0]);
    }

    [Fact]
    public void A_sum_over_many_numbers_keeps_its_digits()
    {
        // A million tenths, added in float one after another, drift by about one percent. Lanes are added in float within blocks of 4,096 numbers:
        // at most 16 to 1,024 roundings of numbers that a block holds, in practice below 2e-6.
        Variable x = new CallContext().Constant(Tensor.Full(0.1f, 1_000_000));
        Assert.Equal(1_000_000 * (double)0.1f, VariableOps.ElasticPenalty(x, 1, 0).Value.AsSpan()[0], 0.2);
    }

    [Fact]
    public void Losses_are_collected_as_scalars_in_their_order_unless_nobody_asks()
    {
        var context = new CallContext();
        context.AddLoss(context.Constant(Tensor.Full(1f, 3)));
        context.AddLoss(context.Constant(Tensor.Full(2f)));
        Assert.Equal([3f, 2f], context.Losses.Select(loss => loss.Value.AsSpan()[0]));
        var quiet = new CallContext { CollectsLosses = false };
        quiet.AddLoss(quiet.Constant(Tensor.Full(1f)));
        Assert.Empty(quiet.Losses);
    }

    [Fact]
    public void Random_nodes_refuse_impossible_parameters()
    {
        var context = new CallContext();
        Assert.Contains("deviation -1", Assert.Throws<ArgumentOutOfRangeException>(() => VariableOps.RandomNormal(context, context.DrawKey(), 0, -1, 2)).Message);
        Assert.Contains("rate 2", Assert.Throws<ArgumentOutOfRangeException>(() => VariableOps.RandomMask(context, context.DrawKey(), 2, 2)).Message);
    }
}

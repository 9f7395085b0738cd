using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class BackwardPassTests
{
    [Fact]
    public void Shared_subgraphs_add_up()
        => OpCheck.Verify(
            values =>
            {
                Variable shared = VariableOps.Exp(values[0]);
                return shared * shared + VariableOps.Log(shared) * values[0] + shared;
            },
            TestTensors.Spread(1, -1f, 1f, 2, 3));

    [Fact]
    public void Diamonds_add_up_through_views_and_copies()
        => OpCheck.Verify(
            values =>
            {
                Variable flat = VariableOps.Reshape(values[0], -1);
                Variable left = VariableOps.Square(flat), right = VariableOps.Reshape(VariableOps.Transpose(values[0]), -1);
                return VariableOps.Concatenate([left + right, flat, VariableOps.Slice(flat, 0, 1, 3)], 0);
            },
            TestTensors.Spread(1, -1f, 1f, 2, 3));

    [Fact]
    public void A_reshaped_value_that_is_also_used_directly_gets_both_contributions()
        => OpCheck.Verify(
            values => VariableOps.MatMul(values[0], VariableOps.Reshape(values[0], 3, 2)),
            TestTensors.Spread(1, -1f, 1f, 2, 3));

    [Fact]
    public void Views_of_separate_parts_write_into_one_gradient_and_the_rest_is_zero()
        => OpCheck.Verify(
            values =>
            {
                Variable whole = VariableOps.Exp(values[0]);
                Variable first = VariableOps.Slice(whole, 0, 0, 1), last = VariableOps.Reshape(VariableOps.Slice(whole, 0, 2, 2), 4, -1);
                return VariableOps.Concatenate([VariableOps.Reshape(VariableOps.Square(last), -1), VariableOps.Reshape(first, -1)], 0);
            },
            TestTensors.Spread(1, -1f, 1f, 5, 2));

    [Fact]
    public void Overlapping_views_add_up()
        => OpCheck.Verify(
            values => VariableOps.Slice(VariableOps.Exp(values[0]), 0, 1, 2) * VariableOps.Slice(values[0], 0, 0, 2)
                + VariableOps.Slice(values[0], 0, 1, 2),
            TestTensors.Spread(1, -1f, 1f, 3, 2));

    [Fact]
    public void Seeds_are_read_at_each_run_and_never_written()
    {
        // The second root takes its seed as its gradient; the first is also an operand of the second, so it has a sum of its own.
        var context = new CallContext(new Arena(poison: true), new Workers(threads: 1), training: true);
        Variable x = context.Leaf(Tensor.From<float>([1f, 2f]));
        Variable square = VariableOps.Square(x), tripled = VariableOps.Affine(square, 3f);
        Tensor<float> first = Tensor.From<float>([1f, 1f]), second = Tensor.From<float>([1f, 10f]);
        BackwardPass pass = BackwardPass.Plan([square, tripled], [first, second]);
        foreach (float seed in new[] { 10f, 100f })
        {
            second.AsSpan()[1] = seed;
            pass.Run();
            Assert.Equal([8f, 4f * (1f + (3f * seed))], x.Gradient!.ToArray());
            Assert.Equal([4f, 1f + (3f * seed)], square.Gradient!.ToArray());
            Assert.Equal([1f, 1f], first.ToArray());
            Assert.Equal([1f, seed], second.ToArray());
        }
    }

    [Fact]
    public void A_view_as_root_and_a_view_of_a_parameter_work()
    {
        var weight = new Parameter("kernel", [2, 3]);
        weight.Assign(TestTensors.Spread(1, -1f, 1f, 2, 3));
        Variable row = VariableOps.Slice(VariableOps.InContext(weight, new CallContext(new Arena(poison: true))), 0, 1, 1);
        row.Backward(Tensor.From<float>([1f, 2f, 3f], 1, 3));
        Assert.Equal([0f, 0f, 0f, 1f, 2f, 3f], weight.Gradient!.ToArray());
    }

    [Fact]
    public void Several_roots_add_up()
    {
        var context = new CallContext(new Arena(poison: true));
        Variable x = context.Leaf(Tensor.From<float>([1f, 2f]));
        Variable square = VariableOps.Square(x), view = VariableOps.Reshape(square, 2, 1);
        BackwardPass.Plan([square, view], [Tensor.From<float>([1f, 10f]), Tensor.From<float>([100f, 1000f], 2, 1)]).Run();
        Assert.Equal([202f, 4040f], x.Gradient!.ToArray());
    }

    [Fact]
    public void A_pass_can_run_again_and_overwrites()
    {
        var context = new CallContext(new Arena(poison: true));
        Variable x = context.Leaf(Tensor.From<float>([3f]));
        Variable y = x * x + x;
        BackwardPass pass = BackwardPass.Plan([y], [Tensor.From<float>([1f])]);
        pass.Run();
        pass.Run();
        Assert.Equal([7f], x.Gradient!.ToArray());
    }

    [Fact]
    public void A_deep_graph_does_not_overflow_the_stack()
    {
        var context = new CallContext(new Arena(), new FlatFuse.Kernels.Workers(threads: 1));
        Variable x = context.Leaf(Tensor.From<float>([1f])), y = x;
        for (int i = 0; i < 20_000; i++)
            y += x;
        y.Backward();
        Assert.Equal([20_001f], x.Gradient!.ToArray());
    }

    [Fact]
    public void Constants_get_no_gradient_and_cost_none()
    {
        var context = new CallContext();
        Variable constant = context.Constant(Tensor.From<float>([2f])), x = context.Leaf(Tensor.From<float>([3f]));
        (constant * x).Backward();
        Assert.Null(constant.Gradient);
        Assert.Equal([2f], x.Gradient!.ToArray());
    }

    [Fact]
    public void A_frozen_parameter_gets_no_gradient()
    {
        var context = new CallContext();
        var weight = new Parameter("kernel", [1]) { Trainable = false };
        weight.Assign(Tensor.From<float>([2f]));
        Variable x = context.Leaf(Tensor.From<float>([3f])), y = x * weight;
        y.Backward();
        Assert.Null(weight.Gradient);
        Assert.Equal([2f], x.Gradient!.ToArray());
    }

    [Fact]
    public void NoGradient_leaves_no_history()
    {
        var context = new CallContext();
        Variable x = context.Leaf(Tensor.From<float>([3f]));
        Variable silent;
        using (new NoGradient(context))
            silent = VariableOps.Exp(x);
        Assert.False(silent.RequiresGradient);
        Assert.Null(silent.Producer);
        Assert.Contains("NoGradient", Assert.Throws<InvalidOperationException>(silent.Backward).Message);
        Assert.True(VariableOps.Exp(x).RequiresGradient);
    }

    [Fact]
    public void Backward_from_more_than_a_scalar_says_what_to_do()
    {
        Variable x = new CallContext().Leaf(Tensor.Zeros<float>(2));
        var error = Assert.Throws<InvalidOperationException>(() => VariableOps.Exp(x).Backward());
        Assert.Contains("Reduce it with Sum() or Mean()", error.Message);
    }

    [Fact]
    public void A_seed_of_another_shape_is_refused()
    {
        Variable x = new CallContext().Leaf(Tensor.Zeros<float>(2));
        var error = Assert.Throws<ArgumentException>(() => VariableOps.Exp(x).Backward(Tensor.Zeros<float>(3)));
        Assert.Contains("the gradient has shape (3,), the value (2,)", error.Message);
    }
}

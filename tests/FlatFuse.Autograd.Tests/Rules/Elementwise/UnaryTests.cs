using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class UnaryTests
{
    [Fact]
    public void Scalars_work()
        => OpCheck.Verify(values => VariableOps.Exp(values[0]), Tensor.From<float>([0.5f], []));

    [Fact]
    public void Power_zero_has_no_gradient_at_zero()
    {
        Variable x = new CallContext().Leaf(Tensor.From<float>([0f]));
        VariableOps.Power(x, 0).Backward();
        Assert.Equal([0f], x.Gradient!.ToArray());
    }

    [Fact]
    public void Abs_has_gradient_zero_at_zero()
    {
        Variable x = new CallContext().Leaf(Tensor.From<float>([0f]));
        VariableOps.Abs(x).Backward();
        Assert.Equal([0f], x.Gradient!.ToArray());
    }

    [Fact]
    public void Clip_keeps_NaN_and_refuses_an_empty_range()
    {
        Variable x = new CallContext().Leaf(Tensor.From<float>([float.NaN, 5f]));
        Assert.Equal([float.NaN, 1f], VariableOps.Clip(x, 0f, 1f).Value.ToArray());
        var error = Assert.Throws<ArgumentException>(() => VariableOps.Clip(x, 1f, 0f));
        Assert.Contains("[1, 0] is empty", error.Message);
    }

    [Fact]
    public void Operators_with_numbers_are_the_operations()
    {
        Variable x = new CallContext().Leaf(Tensor.From<float>([2f, 4f]));
        Assert.Equal([3f, 5f], (x + 1f).Value.ToArray());
        Assert.Equal([3f, 5f], (1f + x).Value.ToArray());
        Assert.Equal([1f, 3f], (x - 1f).Value.ToArray());
        Assert.Equal([-1f, -3f], (1f - x).Value.ToArray());
        Assert.Equal([6f, 12f], (x * 3f).Value.ToArray());
        Assert.Equal([6f, 12f], (3f * x).Value.ToArray());
        Assert.Equal([1f, 2f], (x / 2f).Value.ToArray());
        Assert.Equal([4f, 2f], (8f / x).Value.ToArray());
        Assert.Equal([-2f, -4f], (-x).Value.ToArray());
    }

    [Fact]
    public void An_operation_on_a_parameter_alone_says_how_to_bring_it_in()
    {
        var weight = new Parameter("kernel", [2]);
        weight.Assign(Tensor.From<float>([3f, -1f]));
        var error = Assert.Throws<ArgumentException>(() => VariableOps.Square(weight));
        Assert.Contains("VariableOps.InContext", error.Message);

        Variable penalty = VariableOps.Sum(VariableOps.Square(VariableOps.InContext(weight, new CallContext())));
        penalty.Backward();
        Assert.Equal(10f, penalty.Value.AsSpan()[0]);
        Assert.Equal([6f, -2f], weight.Gradient!.ToArray());
    }
}

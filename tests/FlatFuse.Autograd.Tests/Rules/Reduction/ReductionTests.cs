using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class ReductionTests
{
    [Fact]
    public void Shapes_follow_keepDims()
    {
        Variable x = new CallContext().Leaf(Tensor.Zeros<float>(2, 3, 4));
        Assert.Equal([], VariableOps.Sum(x).Shape.ToArray());
        Assert.Equal([1, 1, 1], VariableOps.Sum(x, null, keepDims: true).Shape.ToArray());
        Assert.Equal([2, 4], VariableOps.Mean(x, 1).Shape.ToArray());
        Assert.Equal([2, 1, 4], VariableOps.Max(x, -2, keepDims: true).Shape.ToArray());
    }

    [Fact]
    public void Sums_over_nothing_are_zero_and_means_are_refused()
    {
        Variable x = new CallContext().Leaf(Tensor.Zeros<float>(0, 3));
        Assert.Equal([0f, 0f, 0f], VariableOps.Sum(x, 0).Value.ToArray());
        Assert.StartsWith("Mean: received shape (0, 3); expected at least one element", Assert.Throws<ArgumentException>(() => VariableOps.Mean(x)).Message);
        Assert.StartsWith("Max: received shape (0, 3); expected at least one element", Assert.Throws<ArgumentException>(() => VariableOps.Max(x, 0)).Message);
    }

    [Fact]
    public void Between_equal_maxima_the_gradient_goes_to_the_first_and_NaN_wins()
    {
        var context = new CallContext();
        Variable x = context.Leaf(Tensor.From<float>([1f, 3f, 3f, 2f]));
        VariableOps.Max(x).Backward();
        Assert.Equal([0f, 1f, 0f, 0f], x.Gradient!.ToArray());
        Assert.Equal(float.NaN, VariableOps.Max(context.Leaf(Tensor.From<float>([1f, float.NaN, 3f]))).Value.AsSpan()[0]);
    }

    [Fact]
    public void An_axis_that_does_not_exist_is_refused()
        => Assert.Throws<ArgumentOutOfRangeException>(() => VariableOps.Sum(new CallContext().Leaf(Tensor.Zeros<float>(2)), 1));
}

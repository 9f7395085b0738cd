using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class MaxPooling1DTests
{
    [Fact]
    public void Between_equals_the_gradient_goes_to_the_first()
    {
        Variable x = new CallContext().Leaf(Tensor.From<float>([2f, 2f], 1, 2, 1));
        VariableOps.Sum(VariableOps.MaxPooling1D(x)).Backward();
        Assert.Equal([1f, 0f], x.Gradient!.ToArray());
    }

    [Fact]
    public void A_flattened_value_is_refused()
    {
        Variable x = new CallContext().Leaf(Tensor.Zeros<float>(2, 6));
        Assert.StartsWith("MaxPooling1D: x has shape (2, 6); expected (batch, steps, channels).", Assert.Throws<ArgumentException>(() => VariableOps.MaxPooling1D(x)).Message);
    }
}

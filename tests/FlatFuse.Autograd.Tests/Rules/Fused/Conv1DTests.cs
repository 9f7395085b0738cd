using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class Conv1DTests
{
    [Theory]
    [InlineData(1, 1, ConvolutionPadding.Valid)]
    [InlineData(2, 1, ConvolutionPadding.Valid)]
    [InlineData(1, 2, ConvolutionPadding.Valid)]
    [InlineData(1, 1, ConvolutionPadding.Same)]
    [InlineData(2, 1, ConvolutionPadding.Same)]
    [InlineData(1, 2, ConvolutionPadding.Same)]
    [InlineData(1, 1, ConvolutionPadding.Causal)]
    [InlineData(1, 2, ConvolutionPadding.Causal)]
    [InlineData(3, 1, ConvolutionPadding.Causal)]
    public void Gradient_agrees_with_differences_for_every_window(int stride, int dilation, ConvolutionPadding padding)
        => OpCheck.Verify(
            values => VariableOps.Conv1D(values[0], values[1], values[2], stride, dilation, padding, ActivationKind.SiLU),
            TestTensors.Spread(1, -1f, 1f, 2, 6, 2), TestTensors.Spread(2, -1f, 1f, 3, 2, 2), TestTensors.Spread(3, -1f, 1f, 2));

    [Fact]
    public void Groups_that_do_not_divide_are_refused()
    {
        var context = new CallContext();
        Variable x = context.Leaf(Tensor.Zeros<float>(2, 5, 3)), kernel = context.Leaf(Tensor.Zeros<float>(3, 1, 6));
        Assert.StartsWith("Conv1D: 2 groups do not divide channels and filters, left (2, 5, 3)", Assert.Throws<ArgumentException>(() => VariableOps.Conv1D(x, kernel, groups: 2)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => VariableOps.Conv1D(x, kernel, groups: 0));
        Assert.Contains("expected kernel (kernel size, 1, filters)", Assert.Throws<ArgumentException>(() => VariableOps.Conv1D(x, context.Leaf(Tensor.Zeros<float>(3, 3, 6)), groups: 3)).Message);
    }

    [Fact]
    public void No_bias_works()
        => OpCheck.Verify(values => VariableOps.Conv1D(values[0], values[1]), TestTensors.Spread(1, -1f, 1f, 1, 4, 2), TestTensors.Spread(2, -1f, 1f, 2, 2, 3));

    [Fact]
    public void Shapes_that_do_not_meet_are_refused()
    {
        var context = new CallContext();
        Variable x = context.Leaf(Tensor.Zeros<float>(2, 5, 3)), kernel = context.Leaf(Tensor.Zeros<float>(3, 4, 2));
        Assert.StartsWith(
            "Conv1D: channels do not meet the kernel, left (2, 5, 3) × right (3, 4, 2); expected kernel (kernel size, 3, filters).",
            Assert.Throws<ArgumentException>(() => VariableOps.Conv1D(x, kernel)).Message);
        Assert.StartsWith(
            "Conv1D: x has shape (2, 15); expected (batch, steps, channels).",
            Assert.Throws<ArgumentException>(() => VariableOps.Conv1D(VariableOps.Reshape(x, 2, 15), kernel)).Message);
        Assert.Throws<ArgumentException>(() => VariableOps.Conv1D(x, context.Leaf(Tensor.Zeros<float>(6, 3, 2))));
    }
}

using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class DepthwiseConv1DTests
{
    [Theory]
    [InlineData(1, 1, 1, ConvolutionPadding.Valid)]
    [InlineData(2, 2, 1, ConvolutionPadding.Valid)]
    [InlineData(1, 1, 2, ConvolutionPadding.Same)]
    [InlineData(3, 2, 1, ConvolutionPadding.Same)]
    [InlineData(2, 1, 2, ConvolutionPadding.Causal)]
    public void Gradient_agrees_with_differences_for_every_window(int multiplier, int stride, int dilation, ConvolutionPadding padding)
        => OpCheck.Verify(
            values => VariableOps.DepthwiseConv1D(values[0], values[1], values[2], stride, dilation, padding, ActivationKind.SiLU),
            TestTensors.Spread(1, -1f, 1f, 2, 6, 2), TestTensors.Spread(2, -1f, 1f, 3, 2, multiplier), TestTensors.Spread(3, -1f, 1f, 2 * multiplier));

    [Fact]
    public void No_bias_works()
        => OpCheck.Verify(values => VariableOps.DepthwiseConv1D(values[0], values[1]), TestTensors.Spread(1, -1f, 1f, 1, 4, 2), TestTensors.Spread(2, -1f, 1f, 2, 2, 3));

    [Fact]
    public void Shapes_that_do_not_meet_are_refused()
    {
        var context = new CallContext();
        Variable x = context.Leaf(Tensor.Zeros<float>(2, 5, 3)), kernel = context.Leaf(Tensor.Zeros<float>(3, 4, 2));
        Assert.StartsWith(
            "DepthwiseConv1D: channels do not meet the kernel, left (2, 5, 3) × right (3, 4, 2); expected kernel (kernel size, 3, depth multiplier).",
            Assert.Throws<ArgumentException>(() => VariableOps.DepthwiseConv1D(x, kernel)).Message);
        Assert.StartsWith(
            "DepthwiseConv1D: bias has shape (3,); expected (6,).",
            Assert.Throws<ArgumentException>(() => VariableOps.DepthwiseConv1D(x, context.Leaf(Tensor.Zeros<float>(3, 3, 2)), context.Leaf(Tensor.Zeros<float>(3)))).Message);
    }
}

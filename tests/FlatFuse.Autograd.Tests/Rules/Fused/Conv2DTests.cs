using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class Conv2DTests
{
    [Theory]
    [InlineData(1, 1, 1, 1, ConvolutionPadding.Valid)]
    [InlineData(2, 1, 1, 1, ConvolutionPadding.Valid)]
    [InlineData(1, 1, 2, 1, ConvolutionPadding.Valid)]
    [InlineData(1, 1, 1, 1, ConvolutionPadding.Same)]
    [InlineData(1, 2, 1, 1, ConvolutionPadding.Same)]
    [InlineData(2, 2, 1, 1, ConvolutionPadding.Same)]
    [InlineData(1, 1, 1, 2, ConvolutionPadding.Same)]
    public void Gradient_agrees_with_differences_for_every_window(int strideRows, int strideColumns, int dilationRows, int dilationColumns, ConvolutionPadding padding)
        => OpCheck.Verify(
            values => VariableOps.Conv2D(values[0], values[1], values[2], (strideRows, strideColumns), (dilationRows, dilationColumns), padding, ActivationKind.SiLU),
            TestTensors.Spread(1, -1f, 1f, 2, 3, 4, 2), TestTensors.Spread(2, -1f, 1f, 2, 2, 2, 2), TestTensors.Spread(3, -1f, 1f, 2));

    [Fact]
    public void No_bias_and_a_kernel_of_one_entry_work()
        => OpCheck.Verify(values => VariableOps.Conv2D(values[0], values[1]), TestTensors.Spread(1, -1f, 1f, 1, 3, 3, 2), TestTensors.Spread(2, -1f, 1f, 1, 1, 2, 3));

    [Fact]
    public void Shapes_that_do_not_meet_are_refused()
    {
        var context = new CallContext();
        Variable x = context.Leaf(Tensor.Zeros<float>(2, 5, 5, 3)), kernel = context.Leaf(Tensor.Zeros<float>(3, 3, 4, 2));
        Assert.StartsWith(
            "Conv2D: channels do not meet the kernel, left (2, 5, 5, 3) × right (3, 3, 4, 2); expected kernel (kernel rows, kernel columns, 3, filters).",
            Assert.Throws<ArgumentException>(() => VariableOps.Conv2D(x, kernel)).Message);
        Assert.StartsWith(
            "Conv2D: x has shape (2, 25, 3); expected (batch, rows, columns, channels).",
            Assert.Throws<ArgumentException>(() => VariableOps.Conv2D(VariableOps.Reshape(x, 2, 25, 3), kernel)).Message);
        Assert.Contains("does not fit", Assert.Throws<ArgumentException>(() => VariableOps.Conv2D(x, context.Leaf(Tensor.Zeros<float>(6, 1, 3, 2)))).Message);
        Assert.Throws<ArgumentException>(() => VariableOps.Conv2D(x, context.Leaf(Tensor.Zeros<float>(2, 2, 3, 2)), context.Leaf(Tensor.Zeros<float>(3))));
    }
}

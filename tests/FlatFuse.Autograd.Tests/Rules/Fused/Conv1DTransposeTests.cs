using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class Conv1DTransposeTests
{
    [Theory]
    [InlineData(3, 1, 1, ConvolutionPadding.Valid, null)]
    [InlineData(2, 3, 1, ConvolutionPadding.Valid, null)]
    [InlineData(3, 2, 1, ConvolutionPadding.Valid, 1)]
    [InlineData(3, 1, 2, ConvolutionPadding.Valid, null)]
    [InlineData(3, 1, 1, ConvolutionPadding.Same, null)]
    [InlineData(4, 2, 1, ConvolutionPadding.Same, null)]
    [InlineData(3, 2, 1, ConvolutionPadding.Same, 0)]
    [InlineData(2, 1, 2, ConvolutionPadding.Same, null)]
    public void Gradient_agrees_with_differences_for_every_window(int kernelSize, int stride, int dilation, ConvolutionPadding padding, int? outputPadding)
        => OpCheck.Verify(
            values => VariableOps.Conv1DTranspose(values[0], values[1], values[2], stride, dilation, padding, outputPadding, ActivationKind.SiLU),
            TestTensors.Spread(1, -1f, 1f, 2, 4, 2), TestTensors.Spread(2, -1f, 1f, kernelSize, 2, 2), TestTensors.Spread(3, -1f, 1f, 2));

    [Fact]
    public void No_bias_works()
        => OpCheck.Verify(values => VariableOps.Conv1DTranspose(values[0], values[1]), TestTensors.Spread(1, -1f, 1f, 1, 3, 2), TestTensors.Spread(2, -1f, 1f, 2, 3, 2));

    [Fact]
    public void Shapes_that_do_not_meet_are_refused()
    {
        var context = new CallContext();
        Variable x = context.Leaf(Tensor.Zeros<float>(2, 5, 3)), kernel = context.Leaf(Tensor.Zeros<float>(3, 3, 2));
        Assert.StartsWith(
            "Conv1DTranspose: channels do not meet the kernel, left (2, 5, 3) × right (3, 3, 2); expected kernel (kernel size, filters, 3).",
            Assert.Throws<ArgumentException>(() => VariableOps.Conv1DTranspose(x, kernel)).Message);
        Assert.StartsWith(
            "Conv1DTranspose: x has shape (2, 15); expected (batch, steps, channels).",
            Assert.Throws<ArgumentException>(() => VariableOps.Conv1DTranspose(VariableOps.Reshape(x, 2, 15), kernel)).Message);
    }
}

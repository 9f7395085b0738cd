using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class MaxPooling1DTests
{
    public static TheoryData<string> Layouts => TestTensors.DistinctLayouts;

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Gradient_goes_to_the_greatest_of_each_window(string layout)
    {
        // Up to 196 values over [−16, 16]: 0.16 apart, more than twice 2h = 1/16.
        Tensor<float> x = TestTensors.Of(layout, 1, -16f, 16f, 2, 5, 3);
        OpCheck.Verify(values => VariableOps.MaxPooling1D(values[0]), x);
        OpCheck.Verify(values => VariableOps.MaxPooling1D(values[0], 3, 1), x);
        OpCheck.Verify(values => VariableOps.MaxPooling1D(values[0], 2, 2, ConvolutionPadding.Same), x);
        OpCheck.Verify(values => VariableOps.MaxPooling1D(values[0], 3, 1, ConvolutionPadding.Same), x);
    }

    [Fact]
    public void An_empty_batch_gives_an_empty_result()
        => OpCheck.Verify(values => VariableOps.MaxPooling1D(values[0]), Tensor.Zeros<float>(0, 4, 2));

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

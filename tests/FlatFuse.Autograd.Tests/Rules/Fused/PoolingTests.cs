using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

/// <summary>Average pooling over one and two axes, max pooling over two.</summary>
public sealed class PoolingTests
{
    public static TheoryData<string> Layouts => TestTensors.Layouts;

    public static TheoryData<string> DistinctLayouts => TestTensors.DistinctLayouts;

    [Theory]
    [MemberData(nameof(Layouts))]
    public void The_gradient_of_a_mean_is_shared_by_its_real_entries(string layout)
    {
        Tensor<float> x = TestTensors.Of(layout, 1, -1f, 1f, 2, 5, 3);
        OpCheck.Verify(values => VariableOps.AveragePooling1D(values[0]), x);
        OpCheck.Verify(values => VariableOps.AveragePooling1D(values[0], 3, 1, ConvolutionPadding.Same), x);
        Tensor<float> image = TestTensors.Of(layout, 2, -1f, 1f, 2, 3, 5, 2);
        OpCheck.Verify(values => VariableOps.AveragePooling2D(values[0], (2, 2)), image);
        OpCheck.Verify(values => VariableOps.AveragePooling2D(values[0], (2, 3), (1, 2), ConvolutionPadding.Same), image);
    }

    [Theory]
    [MemberData(nameof(DistinctLayouts))]
    public void The_gradient_of_a_maximum_goes_to_the_greatest_entry(string layout)
    {
        // Up to 560 values over [−40, 40]: 0.14 apart, more than twice 2h = 1/16.
        Tensor<float> image = TestTensors.Of(layout, 2, -40f, 40f, 2, 3, 5, 2);
        OpCheck.Verify(values => VariableOps.MaxPooling2D(values[0], (2, 2)), image);
        OpCheck.Verify(values => VariableOps.MaxPooling2D(values[0], (2, 3), (1, 2), ConvolutionPadding.Same), image);
    }

    [Fact]
    public void Empty_batches_give_empty_results()
    {
        OpCheck.Verify(values => VariableOps.AveragePooling1D(values[0]), Tensor.Zeros<float>(0, 4, 2));
        OpCheck.Verify(values => VariableOps.AveragePooling2D(values[0], (2, 2)), Tensor.Zeros<float>(0, 4, 2, 1));
        OpCheck.Verify(values => VariableOps.MaxPooling2D(values[0], (2, 2)), Tensor.Zeros<float>(0, 4, 2, 1));
    }

    [Fact]
    public void Other_ranks_and_windows_that_do_not_fit_are_refused()
    {
        Variable x = new CallContext().Leaf(Tensor.Zeros<float>(2, 6));
        Assert.StartsWith("AveragePooling1D: x has shape (2, 6); expected (batch, steps, channels).", Assert.Throws<ArgumentException>(() => VariableOps.AveragePooling1D(x)).Message);
        Assert.StartsWith("AveragePooling2D: x has shape (2, 6); expected (batch, rows, columns, channels).", Assert.Throws<ArgumentException>(() => VariableOps.AveragePooling2D(x, (2, 2))).Message);
        Assert.StartsWith("MaxPooling2D: x has shape (2, 6); expected (batch, rows, columns, channels).", Assert.Throws<ArgumentException>(() => VariableOps.MaxPooling2D(x, (2, 2))).Message);
        Variable image = VariableOps.Reshape(x, 2, 1, 6, 1);
        Assert.StartsWith("MaxPooling2D: a window that spans 2 rows does not fit an input of 1.", Assert.Throws<ArgumentException>(() => VariableOps.MaxPooling2D(image, (2, 2))).Message);
    }
}

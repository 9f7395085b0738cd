using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

/// <summary>Average pooling over one and two axes, max pooling over two.</summary>
public sealed class PoolingTests
{
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

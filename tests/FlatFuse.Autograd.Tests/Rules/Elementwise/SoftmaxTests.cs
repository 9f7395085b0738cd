using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class SoftmaxTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(3, 1)]
    public void Vectors_and_single_classes_work(params int[] shape)
    {
        OpCheck.Verify(values => VariableOps.Softmax(values[0]), TestTensors.Spread(1, -1f, 1f, shape));
        OpCheck.Verify(values => VariableOps.LogSoftmax(values[0]), TestTensors.Spread(1, -1f, 1f, shape));
    }

    [Fact]
    public void A_scalar_is_refused()
    {
        Variable x = new CallContext().Leaf(Tensor.Zeros<float>());
        var error = Assert.Throws<ArgumentException>(() => VariableOps.LogSoftmax(x));
        Assert.StartsWith("LogSoftmax: received shape (); expected (…, classes).", error.Message);
    }
}

using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class SoftmaxTests
{
    public static TheoryData<string> Layouts => TestTensors.Layouts;

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Gradient_agrees_with_differences(string layout)
    {
        OpCheck.Verify(values => VariableOps.Softmax(values[0]), TestTensors.Of(layout, 1, -2f, 2f, 2, 3, 4));
        OpCheck.Verify(values => VariableOps.LogSoftmax(values[0]), TestTensors.Of(layout, 1, -2f, 2f, 2, 3, 4));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(0, 4)]
    [InlineData(3, 1)]
    public void Vectors_empty_batches_and_single_classes_work(params int[] shape)
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

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
    public void Gradient_of_sparsemax_agrees_with_differences_where_some_entries_survive()
    {
        // Every entry is at least 0.2 away from its row's τ, 0.25 and 0.1.
        OpCheck.Verify(values => VariableOps.Sparsemax(values[0]), Tensor.From(new float[,] { { 0, 0.5f, 1 }, { 0.9f, -0.7f, 0.3f } }));
        OpCheck.Verify(values => VariableOps.Sparsemax(values[0]), TestTensors.Spread(1, -1f, 1f, 3, 1));
    }

    [Fact]
    public void A_scalar_is_refused()
    {
        Variable x = new CallContext().Leaf(Tensor.Zeros<float>());
        var error = Assert.Throws<ArgumentException>(() => VariableOps.LogSoftmax(x));
        Assert.StartsWith("LogSoftmax: received shape (); expected (…, classes).", error.Message);
        error = Assert.Throws<ArgumentException>(() => VariableOps.Sparsemax(x));
        Assert.StartsWith("Sparsemax: received shape (); expected (…, classes).", error.Message);
    }
}

using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class ActivationTests
{
    [Fact]
    public void Linear_is_the_value_itself()
    {
        Variable x = new CallContext().Leaf(Tensor.Zeros<float>(2));
        Assert.Same(x, VariableOps.Activate(x, ActivationKind.Linear));
    }
}

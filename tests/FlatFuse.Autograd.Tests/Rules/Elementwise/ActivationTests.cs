using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class ActivationTests
{
    [Fact]
    public void GLU_gates_the_first_half_with_the_second_and_refuses_an_odd_axis()
    {
        var context = new CallContext();
        Variable y = VariableOps.GLU(context.Leaf(Tensor.From(new float[,] { { 2, -4, 0, 1 } })));
        Assert.Equal([1, 2], y.Shape.ToArray());
        Assert.Equal(1f, y.Value[0, 0], 1e-6f);
        Assert.Equal(-4 / (1 + Math.Exp(-1)), y.Value[0, 1], 1e-6);
        var error = Assert.Throws<ArgumentException>(() => VariableOps.GLU(context.Leaf(Tensor.Zeros<float>(2, 3))));
        Assert.StartsWith("GLU: received shape (2, 3); expected (…, 2n).", error.Message);
    }

    [Fact]
    public void Linear_is_the_value_itself()
    {
        Variable x = new CallContext().Leaf(Tensor.Zeros<float>(2));
        Assert.Same(x, VariableOps.Activate(x, ActivationKind.Linear));
    }
}

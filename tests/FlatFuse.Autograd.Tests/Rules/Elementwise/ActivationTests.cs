using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class ActivationTests
{
    public static TheoryData<ActivationKind> Kinds => [.. Enum.GetValues<ActivationKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Gradient_agrees_with_differences(ActivationKind kind)
    {
        // 4, 16 or 36 values over [−2.5, 2.5]: the kinks at −1, 0 and 1 are at least 0.04 away from each of them, more than 2h = 1/32.
        foreach (string layout in TestTensors.LayoutNames)
            OpCheck.Verify(values => VariableOps.Activate(values[0], kind), 1f / 64f, TestTensors.Of(layout, 3, -2.5f, 2.5f, 4, 4));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Empty_operands_give_empty_results(ActivationKind kind)
        => OpCheck.Verify(values => VariableOps.Activate(values[0], kind), Tensor.Zeros<float>(0, 3));

    [Fact]
    public void Linear_is_the_value_itself()
    {
        Variable x = new CallContext().Leaf(Tensor.Zeros<float>(2));
        Assert.Same(x, VariableOps.Activate(x, ActivationKind.Linear));
    }
}

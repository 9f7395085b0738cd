using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class DenseTests
{
    // Those without a kink; the others are compared with the composed operations below, which ActivationTests checks away from kinks.
    public static TheoryData<ActivationKind> SmoothKinds =>
        [ActivationKind.Linear, ActivationKind.Sigmoid, ActivationKind.Tanh, ActivationKind.Exponential, ActivationKind.Softplus, ActivationKind.SiLU, ActivationKind.GELU, ActivationKind.Mish];

    [Theory]
    [MemberData(nameof(SmoothKinds))]
    public void Gradient_agrees_with_differences_for_every_activation(ActivationKind kind)
        => OpCheck.Verify(
            values => VariableOps.Dense(values[0], values[1], values[2], kind),
            TestTensors.Spread(1, -1f, 1f, 2, 2, 3), TestTensors.Spread(2, -1f, 1f, 3, 4), TestTensors.Spread(3, -1f, 1f, 4));

    [Fact]
    public void A_fused_activation_gives_the_gradient_of_the_separate_one()
    {
        // ReLU has kinks, so it is compared with the composed operations instead of with differences.
        Tensor<float>[] inputs = [TestTensors.Spread(1, -1f, 1f, 5, 3), TestTensors.Spread(2, -1f, 1f, 3, 4), TestTensors.Spread(3, -1f, 1f, 4)];
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
        {
            List<float[]> fused = OpCheck.Run(values => VariableOps.Dense(values[0], values[1], values[2], kind), inputs);
            List<float[]> composed = OpCheck.Run(values => VariableOps.Activate(VariableOps.Add(VariableOps.MatMul(values[0], values[1]), values[2]), kind), inputs);
            for (int i = 0; i < fused.Count; i++)
            {
                // 1e-5: sums of at most 5 products of size 1, rounded in another order, through functions of slope below 2.
                for (int j = 0; j < fused[i].Length; j++)
                    Assert.Equal(composed[i][j], fused[i][j], 1e-5f);
            }
        }
    }

    [Fact]
    public void One_value_in_two_roles_gets_both_contributions()
        => OpCheck.Verify(values => VariableOps.Dense(values[0], values[0], null, ActivationKind.Tanh), TestTensors.Spread(1, -1f, 1f, 3, 3));

    [Fact]
    public void Shapes_that_do_not_meet_are_refused()
    {
        var context = new CallContext();
        Variable x = context.Leaf(Tensor.Zeros<float>(2, 3, 16)), kernel = context.Leaf(Tensor.Zeros<float>(48, 4)), bias = context.Leaf(Tensor.Zeros<float>(3));
        var error = Assert.Throws<ArgumentException>(() => VariableOps.Dense(x, kernel));
        Assert.Equal("Dense: the last axis does not meet the kernel, left (2, 3, 16) × right (48, 4); expected kernel (16, units). Did you forget Flatten()?", error.Message);
        Variable flat = VariableOps.Reshape(x, 2, 48);
        Assert.StartsWith("Dense: bias has shape (3,); expected (4,).", Assert.Throws<ArgumentException>(() => VariableOps.Dense(flat, kernel, bias)).Message);
        Assert.StartsWith("Dense: x has shape (3,); expected (batch, …, inputs).", Assert.Throws<ArgumentException>(() => VariableOps.Dense(bias, kernel)).Message);
    }
}

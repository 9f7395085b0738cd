using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class NormalizationTests
{
    // Rows of equal entries have variance 0: with a large ε their derivatives stay as tame as the others.
    private const double Epsilon = 0.5;

    [Fact]
    public void Gradients_under_a_mask_agree_with_differences()
    {
        Tensor<float> mask = Tensor.From<float>([1, 0, 1, 1, 1, 0], 2, 3);
        OpCheck.Verify(
            values => VariableOps.BatchNormalization(values[0], values[1], null, Statistic("mean", 0), Statistic("variance", 1), Options(-1, true), values[0].Context!.Constant(mask)),
            TestTensors.Spread(1, -1f, 1f, 2, 3, 3), TestTensors.Spread(2, 0.5f, 1.5f, 3));
    }

    [Fact]
    public void Empty_batches_leave_the_moving_statistics()
    {
        Parameter mean = Statistic("mean", 0.5f), variance = Statistic("variance", 2);
        OpCheck.Verify(values => VariableOps.BatchNormalization(values[0], values[1], null, mean, variance, Options(-1, true)), Tensor.Zeros<float>(0, 3), TestTensors.Spread(2, 0.5f, 1.5f, 3));
        Assert.Equal(0.5f, mean.Value[0]);
        Assert.Equal(2f, variance.Value[0]);
    }

    [Fact]
    public void Operands_that_do_not_fit_are_refused()
    {
        var context = new CallContext();
        Variable x = context.Leaf(Tensor.Zeros<float>(2, 3)), two = context.Leaf(Tensor.Zeros<float>(2));
        Assert.Contains("gamma has shape (2,); expected (3,)", Assert.Throws<ArgumentException>(() => VariableOps.LayerNormalization(x, two, null)).Message);
        Assert.Contains("(2,)", Assert.Throws<ArgumentException>(() => VariableOps.BatchNormalization(x, two, null, Statistic("mean", 0), Statistic("variance", 1), Options(-1, true))).Message);
        Assert.Contains("rank 3", Assert.Throws<ArgumentException>(() => VariableOps.UnitNormalization(x, 3)).Message);
    }

    private static BatchNormalizationOptions Options(int axis, bool batch) => new() { Axis = axis, Epsilon = Epsilon, UseBatchStatistics = batch };

    private static Parameter Statistic(string name, float value)
    {
        var parameter = new Parameter(name, [3], trainable: false);
        parameter.Assign(Tensor.Full(value, 3));
        return parameter;
    }
}

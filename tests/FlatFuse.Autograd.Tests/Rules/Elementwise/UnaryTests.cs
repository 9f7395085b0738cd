using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class UnaryTests
{
    public static TheoryData<string, string> OperationsAndLayouts
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string operation in Operations.Keys)
            {
                foreach (string layout in TestTensors.LayoutNames)
                    data.Add(operation, layout);
            }
            return data;
        }
    }

    // The lowest value is far enough above 0 for logarithm, root and powers; below it for the functions that take both signs.
    private static readonly Dictionary<string, (float Low, Func<Variable, Variable> Function)> Operations = new()
    {
        ["Negate"] = (-2f, VariableOps.Negate),
        ["Exp"] = (-2f, VariableOps.Exp),
        ["Log"] = (0.5f, VariableOps.Log),
        ["Sqrt"] = (0.5f, VariableOps.Sqrt),
        ["Square"] = (-2f, VariableOps.Square),
        ["Abs"] = (-2f, VariableOps.Abs),
        ["Power(3)"] = (-2f, x => VariableOps.Power(x, 3)),
        ["Power(2)"] = (-2f, x => VariableOps.Power(x, 2)),
        ["Power(0.5)"] = (0.5f, x => VariableOps.Power(x, 0.5)),
        ["Power(-1.5)"] = (0.5f, x => VariableOps.Power(x, -1.5)),
        ["Power(0)"] = (-2f, x => VariableOps.Power(x, 0)),
        ["Affine"] = (-2f, x => VariableOps.Affine(x, -1.5f, 0.25f)),
        ["Reciprocal"] = (0.5f, x => VariableOps.Reciprocal(x, 3f)),
        ["Clip"] = (-2f, x => VariableOps.Clip(x, -1f, 0.45f)),
    };

    [Theory]
    [MemberData(nameof(OperationsAndLayouts))]
    public void Gradient_agrees_with_differences(string operation, string layout)
    {
        (float low, Func<Variable, Variable> function) = Operations[operation];
        // 4, 16 or 36 values over [−2, 2]: the kinks at −1, 0 and 0.45 are at least 0.05 away from each of them, more than 2h = 1/32.
        OpCheck.Verify(values => function(values[0]), 1f / 64f, TestTensors.Of(layout, 1, low, 2f, 4, 4));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0, 3)]
    public void Empty_operands_give_empty_results(params int[] shape)
    {
        foreach ((_, Func<Variable, Variable> function) in Operations.Values)
            OpCheck.Verify(values => function(values[0]), Tensor.Zeros<float>(shape));
    }

    [Fact]
    public void Scalars_work()
        => OpCheck.Verify(values => VariableOps.Exp(values[0]), Tensor.From<float>([0.5f], []));

    [Fact]
    public void Power_zero_has_no_gradient_at_zero()
    {
        Variable x = new CallContext().Leaf(Tensor.From<float>([0f]));
        VariableOps.Power(x, 0).Backward();
        Assert.Equal([0f], x.Gradient!.ToArray());
    }

    [Fact]
    public void Abs_has_gradient_zero_at_zero()
    {
        Variable x = new CallContext().Leaf(Tensor.From<float>([0f]));
        VariableOps.Abs(x).Backward();
        Assert.Equal([0f], x.Gradient!.ToArray());
    }

    [Fact]
    public void Clip_keeps_NaN_and_refuses_an_empty_range()
    {
        Variable x = new CallContext().Leaf(Tensor.From<float>([float.NaN, 5f]));
        Assert.Equal([float.NaN, 1f], VariableOps.Clip(x, 0f, 1f).Value.ToArray());
        var error = Assert.Throws<ArgumentException>(() => VariableOps.Clip(x, 1f, 0f));
        Assert.Contains("[1, 0] is empty", error.Message);
    }

    [Fact]
    public void Operators_with_numbers_are_the_operations()
    {
        Variable x = new CallContext().Leaf(Tensor.From<float>([2f, 4f]));
        Assert.Equal([3f, 5f], (x + 1f).Value.ToArray());
        Assert.Equal([3f, 5f], (1f + x).Value.ToArray());
        Assert.Equal([1f, 3f], (x - 1f).Value.ToArray());
        Assert.Equal([-1f, -3f], (1f - x).Value.ToArray());
        Assert.Equal([6f, 12f], (x * 3f).Value.ToArray());
        Assert.Equal([6f, 12f], (3f * x).Value.ToArray());
        Assert.Equal([1f, 2f], (x / 2f).Value.ToArray());
        Assert.Equal([4f, 2f], (8f / x).Value.ToArray());
        Assert.Equal([-2f, -4f], (-x).Value.ToArray());
    }

    [Fact]
    public void An_operation_on_a_parameter_alone_says_how_to_bring_it_in()
    {
        var weight = new Parameter("kernel", [2]);
        weight.Assign(Tensor.From<float>([3f, -1f]));
        var error = Assert.Throws<ArgumentException>(() => VariableOps.Square(weight));
        Assert.Contains("VariableOps.InContext", error.Message);

        Variable penalty = VariableOps.Sum(VariableOps.Square(VariableOps.InContext(weight, new CallContext())));
        penalty.Backward();
        Assert.Equal(10f, penalty.Value.AsSpan()[0]);
        Assert.Equal([6f, -2f], weight.Gradient!.ToArray());
    }
}

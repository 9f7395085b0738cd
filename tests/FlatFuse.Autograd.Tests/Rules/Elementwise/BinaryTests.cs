using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class BinaryTests
{
    private static readonly Dictionary<string, Func<Variable, Variable, Variable>> Operations = new()
    {
        ["Add"] = VariableOps.Add,
        ["Subtract"] = VariableOps.Subtract,
        ["Multiply"] = VariableOps.Multiply,
        ["Divide"] = VariableOps.Divide,
        ["Maximum"] = VariableOps.Maximum,
        ["Minimum"] = VariableOps.Minimum,
    };

    public static TheoryData<string, int[], int[]> OperationsAndShapes
    {
        get
        {
            var data = new TheoryData<string, int[], int[]>();
            foreach (string operation in Operations.Keys)
            {
                data.Add(operation, [2, 3, 4], [4]);
                data.Add(operation, [2, 3, 4], [3, 1]);
                data.Add(operation, [2, 3, 4], [2, 1, 1]);
                data.Add(operation, [2, 3, 4], [2, 3, 1]);
                data.Add(operation, [2, 1, 4], [3, 1]);
                data.Add(operation, [3, 1], [1, 4]);
                data.Add(operation, [2, 3], []);
                data.Add(operation, [], []);
                data.Add(operation, [1, 1], [1]);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(OperationsAndShapes))]
    public void Gradient_agrees_with_differences_under_broadcasting(string operation, int[] left, int[] right)
    {
        Check(operation, TestTensors.Spread(1, -2f, 2f, left), TestTensors.Spread(2, 2.2f, 4f, right));
        Check(operation, TestTensors.Spread(3, -2f, 2f, right), TestTensors.Spread(4, 2.2f, 4f, left));
    }

    // Operands are apart from each other (no tie of Maximum) and the right one from 0 (Divide); both orders are checked.
    private static void Check(string operation, Tensor<float> low, Tensor<float> high)
    {
        Func<Variable, Variable, Variable> function = Operations[operation];
        OpCheck.Verify(values => function(values[0], values[1]), low, high);
        if (operation != "Divide")
            OpCheck.Verify(values => function(values[1], values[0]), low, high);
    }

    [Theory]
    [InlineData("Maximum")]
    [InlineData("Minimum")]
    public void Between_equals_the_gradient_goes_to_the_left(string operation)
    {
        var context = new CallContext();
        Variable left = context.Leaf(Tensor.From<float>([1f, 2f])), right = context.Leaf(Tensor.From<float>([1f, 2f]));
        Operations[operation](left, right).Backward(Tensor.From<float>([3f, 4f]));
        Assert.Equal([3f, 4f], left.Gradient!.ToArray());
        Assert.Equal([0f, 0f], right.Gradient!.ToArray());
    }

    [Theory]
    [InlineData("Add", 2f)]
    [InlineData("Subtract", 0f)]
    [InlineData("Multiply", 6f)]
    [InlineData("Divide", 0f)]
    public void A_value_used_on_both_sides_gets_both_contributions(string operation, float expected)
    {
        Variable x = new CallContext().Leaf(Tensor.From<float>([3f]));
        Operations[operation](x, x).Backward();
        Assert.Equal([expected], x.Gradient!.ToArray());
    }

    [Fact]
    public void Operators_are_the_operations()
    {
        var context = new CallContext();
        Variable a = context.Leaf(Tensor.From<float>([6f])), b = context.Leaf(Tensor.From<float>([2f]));
        Assert.Equal([8f], (a + b).Value.ToArray());
        Assert.Equal([4f], (a - b).Value.ToArray());
        Assert.Equal([12f], (a * b).Value.ToArray());
        Assert.Equal([3f], (a / b).Value.ToArray());
    }

    [Fact]
    public void Shapes_that_do_not_broadcast_are_refused_by_name()
    {
        var context = new CallContext();
        Variable a = context.Leaf(Tensor.Zeros<float>(2, 3)), b = context.Leaf(Tensor.Zeros<float>(4));
        var error = Assert.Throws<ArgumentException>(() => a * b);
        Assert.StartsWith("Multiply: shapes do not broadcast, left (2, 3) × right (4,); expected", error.Message);
    }

    [Fact]
    public void A_long_sum_over_repeats_keeps_its_digits()
    {
        // 100,000 times 0.1 into one float: adding in float would be off by more than 1e-4 of the sum.
        var context = new CallContext(workers: new FlatFuse.Kernels.Workers(threads: 1));
        Variable x = context.Constant(Tensor.Zeros<float>(100_000)), bias = context.Leaf(Tensor.Zeros<float>());
        VariableOps.Add(x, bias).Backward(Tensor.Full(0.1f, 100_000));
        Assert.Equal(100_000 * (double)0.1f, bias.Gradient!.AsSpan()[0], 1e-2);
    }
}

using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class MatMulTests
{
    public static TheoryData<int[], int[]> Shapes => new()
    {
        { [3, 4], [4, 2] },
        { [2, 3, 4], [4, 2] },
        { [3, 4], [2, 4, 2] },
        { [2, 3, 4], [2, 4, 2] },
        { [2, 1, 3, 4], [3, 4, 2] },
        { [2, 3, 3, 4], [1, 3, 4, 2] },
        { [1, 3, 4], [5, 4, 1] },
        { [0, 4], [4, 2] },
        { [3, 0], [0, 2] },
        { [0, 3, 4], [0, 4, 2] },
        { [0, 3, 4], [4, 2] },
        { [2, 3, 4], [2, 4, 0] },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Gradient_agrees_with_differences_for_every_pair_of_batches(int[] a, int[] b)
    {
        for (int transposes = 0; transposes < 4; transposes++)
        {
            bool transposeA = (transposes & 1) != 0, transposeB = (transposes & 2) != 0;
            OpCheck.Verify(
                values => VariableOps.MatMul(values[0], values[1], transposeA, transposeB),
                TestTensors.Spread(1, -1f, 1f, transposeA ? [.. a[..^2], a[^1], a[^2]] : a),
                TestTensors.Spread(2, -1f, 1f, transposeB ? [.. b[..^2], b[^1], b[^2]] : b));
        }
    }

    [Fact]
    public void A_matrix_times_itself_gets_both_contributions()
        => OpCheck.Verify(values => VariableOps.MatMul(values[0], values[0]), TestTensors.Spread(1, -1f, 1f, 3, 3));

    [Fact]
    public void A_matrix_times_its_transpose_gets_both_contributions()
        => OpCheck.Verify(values => VariableOps.MatMul(values[0], values[0], transposeB: true), TestTensors.Spread(1, -1f, 1f, 2, 3, 4));

    [Fact]
    public void Different_inner_sizes_are_refused_with_the_expected_shape()
    {
        var context = new CallContext();
        Variable a = context.Leaf(Tensor.Zeros<float>(32, 128)), b = context.Leaf(Tensor.Zeros<float>(64, 10));
        var error = Assert.Throws<ArgumentException>(() => VariableOps.MatMul(a, b));
        Assert.Equal("MatMul: inner sizes differ, left (32, 128) × right (64, 10); expected right (128, …). Did you forget Flatten()?", error.Message);
        Assert.Contains("a matrix has two axes", Assert.Throws<ArgumentException>(() => VariableOps.MatMul(a, context.Leaf(Tensor.Zeros<float>(128)))).Message);
        Variable three = context.Leaf(Tensor.Zeros<float>(3, 2, 4)), two = context.Leaf(Tensor.Zeros<float>(2, 4, 2));
        Assert.StartsWith("MatMul (batches): shapes do not broadcast, left (3,) × right (2,)", Assert.Throws<ArgumentException>(() => VariableOps.MatMul(three, two)).Message);
    }
}

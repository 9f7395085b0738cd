using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class ShapeTests
{
    [Fact]
    public void Two_slices_of_one_value_add_up()
        => OpCheck.Verify(
            values => VariableOps.Multiply(VariableOps.Slice(values[0], 0, 0, 2), VariableOps.Slice(values[0], 0, 1, 2)),
            TestTensors.Spread(1, -1f, 1f, 3, 2));

    [Fact]
    public void A_leading_slice_and_a_reshape_copy_nothing()
    {
        Variable x = new CallContext().Leaf(Tensor.Zeros<float>(3, 2));
        Variable slice = VariableOps.Slice(x, 0, 1, 2), flat = VariableOps.Reshape(x, -1);
        x.Value[1, 0] = 5f;
        Assert.Equal(5f, slice.Value[0, 0]);
        Assert.Equal(5f, flat.Value[2]);
    }

    [Fact]
    public void Refusals_name_operation_shapes_and_next_step()
    {
        var context = new CallContext();
        Variable x = context.Leaf(Tensor.Zeros<float>(2, 3)), y = context.Leaf(Tensor.Zeros<float>(2, 4, 1));
        Assert.StartsWith("Reshape: received shape (2, 3) with 6 elements, which do not fill (4, -1);", Message(() => VariableOps.Reshape(x, 4, -1)));
        Assert.StartsWith("Reshape: received shape (2, 3) with 6 elements, which do not fill (-1, -1);", Message(() => VariableOps.Reshape(x, -1, -1)));
        Assert.StartsWith("Transpose: received shape (2, 3); expected a permutation of 2 axes", Message(() => VariableOps.Transpose(x, 0)));
        Assert.Contains("axis 1 comes twice", Message(() => VariableOps.Transpose(x, 1, 1)));
        Assert.StartsWith("BroadcastTo: received shape (2, 3); expected sizes that equal those of (2, 4)", Message(() => VariableOps.BroadcastTo(x, 2, 4)));
        Assert.StartsWith("Concatenate: value 1 does not fit the first, left (2, 3) × right (2, 4, 1)", Message(() => VariableOps.Concatenate([x, y], 0)));
        Assert.Contains("Did you forget Flatten()?", Message(() => VariableOps.Concatenate([x, y], 0)));
        Assert.StartsWith("Concatenate: received no values", Message(() => VariableOps.Concatenate([], 0)));
        var range = Assert.Throws<ArgumentOutOfRangeException>(() => VariableOps.Slice(x, 1, 2, 2));
        Assert.StartsWith("Slice: received start 2 and length 2 on axis 1 of shape (2, 3)", range.Message);
    }

    private static string Message(Func<Variable> call) => Assert.Throws<ArgumentException>(() => { call(); }).Message;
}

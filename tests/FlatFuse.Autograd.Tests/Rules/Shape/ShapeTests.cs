using FlatFuse.Tensors;

namespace FlatFuse.Autograd.Tests;

public sealed class ShapeTests
{
    public static TheoryData<string> Layouts => TestTensors.Layouts;

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Reshape_keeps_the_order_of_elements(string layout)
    {
        OpCheck.Verify(values => VariableOps.Reshape(values[0], 4, -1), TestTensors.Of(layout, 1, -1f, 1f, 2, 3, 4));
        // Twice in a row: the gradient is a view of a view.
        OpCheck.Verify(values => VariableOps.Reshape(VariableOps.Reshape(values[0], -1), 3, 8), TestTensors.Of(layout, 1, -1f, 1f, 2, 3, 4));
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Transpose_reorders_the_axes(string layout)
    {
        OpCheck.Verify(values => VariableOps.Transpose(values[0]), TestTensors.Of(layout, 1, -1f, 1f, 2, 3, 4));
        OpCheck.Verify(values => VariableOps.Transpose(values[0], 1, 0, 2), TestTensors.Of(layout, 1, -1f, 1f, 2, 3, 4));
        OpCheck.Verify(values => VariableOps.Transpose(values[0], 0, -1, 1), TestTensors.Of(layout, 1, -1f, 1f, 2, 3, 4));
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Slice_takes_a_range_of_one_axis(string layout)
    {
        OpCheck.Verify(values => VariableOps.Slice(values[0], 0, 1, 2), TestTensors.Of(layout, 1, -1f, 1f, 3, 4, 2));
        OpCheck.Verify(values => VariableOps.Slice(values[0], 1, -3, 2), TestTensors.Of(layout, 1, -1f, 1f, 3, 4, 2));
        OpCheck.Verify(values => VariableOps.Slice(values[0], -1, 1, 1), TestTensors.Of(layout, 1, -1f, 1f, 3, 4, 2));
        OpCheck.Verify(values => VariableOps.Slice(values[0], 1, 4, 0), TestTensors.Of(layout, 1, -1f, 1f, 3, 4, 2));
        OpCheck.Verify(values => VariableOps.Slice(values[0], 1, 1, 2), TestTensors.Of(layout, 1, -1f, 1f, 1, 4, 2));
    }

    [Fact]
    public void Two_slices_of_one_value_add_up()
        => OpCheck.Verify(
            values => VariableOps.Multiply(VariableOps.Slice(values[0], 0, 0, 2), VariableOps.Slice(values[0], 0, 1, 2)),
            TestTensors.Spread(1, -1f, 1f, 3, 2));

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Flip_reverses_one_axis(string layout)
    {
        OpCheck.Verify(values => VariableOps.Flip(values[0], 0), TestTensors.Of(layout, 1, -1f, 1f, 3, 4, 2));
        OpCheck.Verify(values => VariableOps.Flip(values[0], 1), TestTensors.Of(layout, 1, -1f, 1f, 3, 4, 2));
        OpCheck.Verify(values => VariableOps.Flip(values[0], -1), TestTensors.Of(layout, 1, -1f, 1f, 3, 4, 2));
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void BroadcastTo_repeats_and_its_gradient_sums(string layout)
    {
        OpCheck.Verify(values => VariableOps.BroadcastTo(values[0], 2, 3, 4), TestTensors.Of(layout, 1, -1f, 1f, 3, 1));
        OpCheck.Verify(values => VariableOps.BroadcastTo(values[0], 2, 3, 2), TestTensors.Of(layout, 1, -1f, 1f, 3, 2));
        OpCheck.Verify(values => VariableOps.BroadcastTo(values[0], 3, 2, 4), TestTensors.Of(layout, 1, -1f, 1f, 3, 1, 1));
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Concatenate_joins_along_every_axis(string layout)
    {
        for (int axis = -1; axis < 3; axis++)
        {
            int[] second = [2, 3, 2];
            second[(axis + 3) % 3] = 4;
            int chosen = axis;
            OpCheck.Verify(
                values => VariableOps.Concatenate([values[0], values[1], values[0]], chosen),
                TestTensors.Of(layout, 1, -1f, 1f, 2, 3, 2), TestTensors.Of(layout, 2, -1f, 1f, second));
        }
    }

    [Fact]
    public void Empty_operands_give_empty_results()
    {
        Tensor<float> empty = Tensor.Zeros<float>(0, 3);
        OpCheck.Verify(values => VariableOps.Reshape(values[0], 3, 0), empty);
        OpCheck.Verify(values => VariableOps.Transpose(values[0]), empty);
        OpCheck.Verify(values => VariableOps.Slice(values[0], 1, 1, 2), empty);
        OpCheck.Verify(values => VariableOps.Flip(values[0], 0), empty);
        OpCheck.Verify(values => VariableOps.BroadcastTo(values[0], 2, 0, 3), empty);
        OpCheck.Verify(values => VariableOps.BroadcastTo(values[0], 0, 3), TestTensors.Spread(1, -1f, 1f, 1, 3));
        OpCheck.Verify(values => VariableOps.Concatenate([values[0], values[1]], 0), empty, TestTensors.Spread(1, -1f, 1f, 2, 3));
    }

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

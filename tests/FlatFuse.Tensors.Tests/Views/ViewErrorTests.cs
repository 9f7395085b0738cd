namespace FlatFuse.Tensors.Tests;

public sealed class ViewErrorTests
{
    private readonly Tensor<float> _t = Tensor.Zeros<float>(2, 3);

    [Fact]
    public void Slices_outside_the_axis_name_slice_axis_and_shape()
    {
        Assert.Contains("Slice 1..4 on axis 1 is outside shape (2, 3)", Assert.Throws<ArgumentOutOfRangeException>(() => _t[.., 1..4]).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => _t[^3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => _t[.., ^0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => _t[2..1]);
        Assert.Throws<ArgumentException>(() => _t[.., .., ..]);
        Assert.Equal([0, 3], _t[2..].Shape);
    }

    [Fact]
    public void Element_indices_outside_the_shape_are_refused()
    {
        Assert.Throws<IndexOutOfRangeException>(() => _t[2, 0]);
        Assert.Throws<IndexOutOfRangeException>(() => _t[0, -1]);
        Assert.Contains("t[1, ..]", Assert.Throws<IndexOutOfRangeException>(() => _t[1]).Message);
        Assert.Throws<IndexOutOfRangeException>(() => _t[0, 0, 0]);
    }

    [Fact]
    public void Axes_that_do_not_exist_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _t.Flip(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => _t.Flip(-3));
        Assert.Throws<ArgumentException>(() => _t.Permute(0, 0));
        Assert.Throws<ArgumentException>(() => _t.Permute(1));
        Assert.Throws<ArgumentException>(() => _t.Permute(0, 1, 0));
        Assert.Throws<ArgumentException>(() => _t.Squeeze(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => _t.ExpandDims(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => _t.Rows(1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => _t.Rows(-1, 1));
        Assert.Throws<InvalidOperationException>(() => Tensor.From([1f], []).Rows(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.From([1f], []).Flip(0));
    }

    [Fact]
    public void Squeeze_drops_axes_of_size_one()
    {
        Tensor<float> t = Tensor.Zeros<float>(1, 2, 1, 3);
        Assert.Equal([2, 3], t.Squeeze().Shape);
        Assert.Equal([1, 2, 3], t.Squeeze(2).Shape);
        Assert.Equal([1, 2, 3], t.Squeeze(-2).Shape);
        Assert.Equal([1, 2, 1, 3, 1], t.ExpandDims(-1).Shape);
    }

    [Fact]
    public void Reshape_refuses_what_does_not_fill_the_shape()
    {
        Assert.Contains("(2, 3) has 6 elements", Assert.Throws<ArgumentException>(() => _t.Reshape(4)).Message);
        Assert.Throws<ArgumentException>(() => _t.Reshape(4, -1));
        Assert.Throws<ArgumentException>(() => _t.Reshape(-1, -1));
        Assert.Throws<ArgumentException>(() => _t.Reshape(-2, -3));
        Assert.Contains("write the size out", Assert.Throws<ArgumentException>(() => Tensor.Zeros<float>(0, 3).Reshape(0, -1)).Message);
        Assert.Equal([0, 1, 3], Tensor.Zeros<float>(0, 3).Reshape(0, 1, 3).Shape);
        Assert.Equal([0, 3], Tensor.Zeros<float>(0, 3).Reshape(-1, 3).Shape);
        Assert.Equal([3, 2], _t.Reshape(-1, 2).Shape);
    }

    [Fact]
    public void Broadcasting_follows_NumPy_and_names_both_shapes()
    {
        Assert.Equal([2, 3, 4], Broadcasting.Shape([2, 1, 4], [3, 1]));
        Assert.Equal([5], Broadcasting.Shape([], [5]));
        Assert.Equal([0, 3], Broadcasting.Shape([1, 3], [0, 1]));
        string message = Assert.Throws<ArgumentException>(() => Broadcasting.Shape([2, 3], [4])).Message;
        Assert.Contains("(2, 3) and (4,)", message);
        Assert.Contains("axis -1", message);
        Assert.Throws<ArgumentException>(() => Broadcasting.Shape([2], [0]));
        Assert.Contains("(2, 3) does not broadcast to (3,)", Assert.Throws<ArgumentException>(() => _t.BroadcastTo(3)).Message);
        Assert.Throws<ArgumentException>(() => _t.BroadcastTo(4, 3));
        Assert.Throws<ArgumentException>(() => _t.BroadcastTo(1, 3));
    }
}

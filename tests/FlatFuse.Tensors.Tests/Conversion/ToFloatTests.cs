namespace FlatFuse.Tensors.Tests;

public sealed class ToFloatTests
{
    [Fact]
    public void Whole_numbers_are_exact_up_to_two_to_the_24()
    {
        Assert.Equal([16777216f, -16777216f, 16777215f], Tensor.From([16777216, -16777216, 16777215]).ToFloat().ToArray());
        Assert.Equal([255f, 0f], Tensor.From<byte>([255, 0]).ToFloat().ToArray());
        Assert.Equal([-128f], Tensor.From<sbyte>([-128]).ToFloat().ToArray());
        Assert.Equal([65535f], Tensor.From<ushort>([65535]).ToFloat().ToArray());
        Assert.Equal([-32768f], Tensor.From<short>([-32768]).ToFloat().ToArray());
        Assert.Equal([7f], Tensor.From([7u]).ToFloat().ToArray());
        Assert.Equal([-7f], Tensor.From([-7L]).ToFloat().ToArray());
        Assert.Equal([7f], Tensor.From([7UL]).ToFloat().ToArray());
        Assert.Equal([1f, 0f], Tensor.From([true, false]).ToFloat().ToArray());
    }

    [Fact]
    public void Beyond_it_the_value_and_its_position_are_named()
    {
        Tensor<int> t = Tensor.From([1, 2, 3, 16777217, 5, 6], 2, 3);
        string message = Assert.Throws<ArgumentException>(() => t.ToFloat()).Message;
        Assert.Contains("16777217 at (1, 0) of shape (2, 3)", message);
        Assert.Contains("at (0, 1) of shape (3, 2)", Assert.Throws<ArgumentException>(() => t.Transpose().ToFloat()).Message);
        // 2^25 is a float, but its neighbours are not: a column of ids that reaches it has already lost some.
        Assert.Throws<ArgumentException>(() => Tensor.From([1 << 25]).ToFloat());
        Assert.Throws<ArgumentException>(() => Tensor.From([int.MinValue]).ToFloat());
        Assert.Throws<ArgumentException>(() => Tensor.From([long.MinValue]).ToFloat());
        Assert.Throws<ArgumentException>(() => Tensor.From([ulong.MaxValue]).ToFloat());
        Assert.Throws<ArgumentException>(() => Tensor.From([uint.MaxValue]).ToFloat());
    }

    [Fact]
    public void Doubles_are_rounded_and_floats_handed_through()
    {
        Assert.Equal([(float)Math.PI, float.NegativeInfinity, 1e9f], Tensor.From([Math.PI, double.NegativeInfinity, 1e9]).ToFloat().ToArray());
        Assert.True(float.IsNaN(Tensor.From([double.NaN]).ToFloat()[0]));
        Assert.Equal(0.1f, Tensor.From([0.1]).ToFloat()[0]);
        Assert.Equal([1.5f], Tensor.From([(Half)1.5f]).ToFloat().ToArray());
        Tensor<float> t = Tensor.From([1f]);
        Assert.Same(t, t.ToFloat());
        Assert.Contains("Char", Assert.Throws<NotSupportedException>(() => Tensor.From(['a']).ToFloat()).Message);
    }

    [Fact]
    public void The_shape_stays_whatever_the_layout()
    {
        Tensor<float> t = Tensor.From([1, 2, 3, 4, 5, 6], 2, 3).Transpose().ToFloat();
        Assert.Equal([3, 2], t.Shape);
        Assert.Equal([1f, 4, 2, 5, 3, 6], t.ToArray());
    }
}

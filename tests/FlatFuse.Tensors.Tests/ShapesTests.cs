namespace FlatFuse.Tensors.Tests;

public sealed class ShapesTests
{
    [Fact]
    public void Shapes_are_counted_with_care()
    {
        Assert.Equal(1, Shapes.Count([]));
        Assert.Equal(0, Shapes.Count([70000, 70000, 0]));
        Assert.Equal(0, Shapes.Count([0, 70000, 70000]));
        Assert.Equal(int.MaxValue, Shapes.Count([int.MaxValue]));
        Assert.Throws<OverflowException>(() => Shapes.Count([65536, 32768]));
        Assert.Throws<OverflowException>(() => Shapes.Count([int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue]));
        Assert.Throws<ArgumentException>(() => Shapes.Count([0, -1]));
        Assert.Throws<ArgumentException>(() => Tensor.Zeros<float>(new int[17]));
    }

    [Fact]
    public void An_empty_tensor_of_huge_sizes_is_an_ordinary_tensor()
    {
        Tensor<float> t = Tensor.Zeros<float>(0, 70000, 70000);
        Assert.True(t.IsContiguous);
        Assert.Equal(0, t.AsSpan().Length);
        Assert.Equal([70000, 0, 69999], t.Permute(1, 0, 2).Flip(0)[.., .., 1..].Shape);
        Assert.Equal([70000, 0], t[.., .., 5].Transpose().Shape);
        Assert.Equal(0, t[.., 69999].Clone().Count);
    }

    [Fact]
    public void A_layout_that_reaches_outside_its_storage_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new Tensor<int>(new int[5], new Layout([2, 3])));
        Assert.Throws<ArgumentException>(() => new Tensor<int>(new int[6], new Layout([2, 3], 1)));
        Assert.Throws<ArgumentException>(() => new Tensor<int>(new int[6], new Layout([6], -1)));
        Assert.Throws<ArgumentException>(() => new Tensor<int>(new int[6], new Layout([3], [-1], 1)));
        Assert.Equal(0, new Tensor<int>([], new Layout([0])).Count);
    }

    [Theory]
    [InlineData(new int[] { }, "()")]
    [InlineData(new[] { 5 }, "(5,)")]
    [InlineData(new[] { 2, 3 }, "(2, 3)")]
    public void Shapes_are_spelled_as_in_Keras(int[] shape, string text) => Assert.Equal(text, Shapes.Format(shape));
}

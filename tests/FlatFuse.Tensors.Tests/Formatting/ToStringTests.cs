namespace FlatFuse.Tensors.Tests;

public sealed class ToStringTests
{
    [Fact]
    public void Small_tensors_are_written_out_in_aligned_columns()
    {
        Assert.Equal("Tensor (2, 3) float32\n[[  1 2.5  -3]\n [  0 100 0.1]]", Tensor.From([1f, 2.5f, -3, 0, 100, 0.1f], 2, 3).ToString());
        Assert.Equal("Tensor (2, 1, 2) int32\n[[[1 2]]\n\n [[3 4]]]", Tensor.From([1, 2, 3, 4], 2, 1, 2).ToString());
        Assert.Equal("Tensor () float64\n3", Tensor.From([3.0], []).ToString());
        Assert.Equal("Tensor (0, 3) uint8\n[]", Tensor.Zeros<byte>(0, 3).ToString());
        Assert.Equal("Tensor (2,) bool\n[ True False]", Tensor.From([true, false]).ToString());
        Assert.Equal("Tensor (3,) float32\n[      NaN  Infinity -Infinity]", Tensor.From([float.NaN, float.PositiveInfinity, float.NegativeInfinity]).ToString());
    }

    [Fact]
    public void Views_are_written_as_they_read()
        => Assert.Equal("Tensor (2, 2) int32\n[[3 1]\n [4 2]]", Tensor.From([1, 2, 3, 4], 2, 2).Transpose().Flip(1).ToString());

    [Fact]
    public void Large_tensors_show_the_ends_of_every_axis()
    {
        string text = Tensor.From<int>(NaiveTensor.Counting([50, 50]).Values(), 50, 50).ToString();
        Assert.StartsWith("Tensor (50, 50) int32\n[[   0    1    2 …   47   48   49]\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\n [2450 2451 2452 … 2497 2498 2499]]", text, StringComparison.Ordinal);
        Assert.Equal(1 + 7, text.Split('\n').Length);
        Assert.Contains("999", Tensor.From<int>(NaiveTensor.Counting([1000]).Values(), 1000).ToString(), StringComparison.Ordinal);
        Assert.Equal("Tensor (1001,) int32\n[   0    1    2 …  998  999 1000]", Tensor.From<int>(NaiveTensor.Counting([1001]).Values(), 1001).ToString());
    }
}

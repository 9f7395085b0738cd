namespace FlatFuse.Tensors.Tests;

public sealed class SurfaceTests
{
    [Fact]
    public void The_design_pages_spellings_compile_and_mean_what_they_say()
    {
        Tensor<float> t = Tensor.From(new float[,,] { { { 1, 2 }, { 3, 4 } }, { { 5, 6 }, { 7, 8 } }, { { 9, 10 }, { 11, 12 } } });
        Tensor<float> view = t[1..3, .., ^1];
        Assert.Equal([2, 2], view.Shape);
        Assert.Equal([6f, 8f, 10f, 12f], view.ToArray());
        t[1, 0, 1] = 60;
        Assert.Equal(60, view[0, 0]);
        Assert.Equal([9f, 10f, 11f, 12f], t[^1].ToArray());
        Assert.Equal([2, 2, 2], t[1..].Shape);
        Assert.Equal([2], t[0, .., 1].Shape);
    }

    [Fact]
    public void From_copies_every_kind_of_array()
    {
        Assert.Equal([3], Tensor.From([1f, 2f, 3f]).Shape);
        Assert.Equal([3], Tensor.From(new[] { 1, 2, 3 }).Shape);
        Assert.Equal([3], Tensor.From<byte>([1, 2, 3]).Shape);
        Assert.Equal([3, 1], Tensor.From([1f, 2f, 3f], 3, 1).Shape);
        Assert.Equal([2, 3], Tensor.From(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } }).Shape);
        Assert.Equal([1f, 2f, 3f, 4f], Tensor.From(new float[][] { [1, 2], [3, 4] }).ToArray());
        Assert.Equal([2, 2], Tensor.From([new[] { 1, 2 }, [3, 4]]).Shape);
        Assert.Equal([1, 1, 1, 2], Tensor.From(new int[,,,] { { { { 1, 2 } } } }).Shape);
        Assert.Equal([0, 3], Tensor.From(new float[0, 3]).Shape);
        Assert.Contains("row 1 has 1", Assert.Throws<ArgumentException>(() => Tensor.From(new float[][] { [1, 2], [3] })).Message);
    }
}

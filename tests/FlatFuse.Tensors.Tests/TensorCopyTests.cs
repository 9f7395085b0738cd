using FlatFuse.Testing;

namespace FlatFuse.Tensors.Tests;

public sealed class TensorCopyTests
{
    private static readonly int[] Six = [0, 1, 2, 3, 4, 5];

    [Fact]
    public void Copies_between_views_of_one_storage_read_before_they_write()
    {
        Tensor<int> t = Tensor.From(Six);
        t.CopyFrom(t.Flip(0));
        Assert.Equal([5, 4, 3, 2, 1, 0], t.ToArray());
        Tensor<int> square = Tensor.From([1, 2, 3, 4], 2, 2);
        square.CopyFrom(square.Transpose());
        Assert.Equal([1, 3, 2, 4], square.ToArray());
        square.Transpose().CopyTo(square.AsSpan());
        Assert.Equal([1, 2, 3, 4], square.ToArray());
        Tensor<int> shifted = Tensor.From(Six);
        shifted[1..].CopyFrom(shifted[..^1]);
        Assert.Equal([0, 0, 1, 2, 3, 4], shifted.ToArray());
    }

    [Fact]
    public void A_copy_broadcasts_its_source()
    {
        Tensor<int> t = Tensor.Zeros<int>(2, 3);
        t.CopyFrom(Tensor.From([1, 2, 3]));
        Assert.Equal([1, 2, 3, 1, 2, 3], t.ToArray());
        t[.., ..2].CopyFrom(Tensor.From([7, 8], 2, 1));
        Assert.Equal([7, 7, 3, 8, 8, 3], t.ToArray());
        Assert.Throws<ArgumentException>(() => t.CopyFrom(Tensor.From([1, 2])));
        Assert.Throws<ArgumentException>(() => t.CopyTo(new int[5]));
    }

    [Fact]
    public void A_clone_does_not_share()
    {
        Tensor<int> t = Tensor.From(Six, 2, 3);
        Tensor<int> clone = t.Clone();
        t[0, 0] = 9;
        Assert.Equal(0, clone[0, 0]);
        Assert.Equal(Six, ((Tensor<int>)((Tensor)clone).Clone()).ToArray());
    }

    [Fact]
    public void Concatenate_and_Stack_join_any_layouts()
    {
        Tensor<int> a = Tensor.From(Six, 2, 3), b = Tensor.From([10, 20], 1, 2).Transpose().Flip(0);
        Assert.Equal([0, 1, 2, 20, 3, 4, 5, 10], Tensor.Concatenate([a, b], -1).ToArray());
        Assert.Equal([4, 3], Tensor.Concatenate([a, a]).Shape);
        Assert.Equal([2, 3], Tensor.Concatenate([a, Tensor.Zeros<int>(2, 0)], 1).Shape);
        Tensor<int> stacked = Tensor.Stack([a, a.Flip(1)], axis: -1);
        Assert.Equal([2, 3, 2], stacked.Shape);
        Assert.Equal([0, 2, 1, 1, 2, 0, 3, 5, 4, 4, 5, 3], stacked.ToArray());
        Assert.Contains("tensor 1 has shape (2, 1)", Assert.Throws<ArgumentException>(() => Tensor.Concatenate([a, b], 0)).Message);
        Assert.Throws<ArgumentException>(() => Tensor.Concatenate<int>([]));
        Assert.Throws<ArgumentException>(() => Tensor.Stack([a, b]));
        Assert.Throws<ArgumentException>(() => Tensor.Stack<int>([]));
    }

    [Fact]
    public void Walks_and_copies_allocate_nothing()
    {
        Tensor<float> view = Tensor.Zeros<float>(4, 5, 6).Transpose();
        var destination = new float[view.Count];
        float sum = 0;
        long least = Allocations.Least(() =>
        {
            view.CopyTo(destination);
            view.Fill(2);
            sum = 0;
            foreach (float value in view)
                sum += value;
        });
        Assert.Equal(0, least);
        Assert.Equal(240, sum);
    }
}

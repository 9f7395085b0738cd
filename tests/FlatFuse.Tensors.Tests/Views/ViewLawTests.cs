namespace FlatFuse.Tensors.Tests;

/// <summary>Every view, on top of every other, against the index maps of <see cref="NaiveTensor"/>.</summary>
public sealed class ViewLawTests
{
    private static readonly int[][] Bases = [[], [1], [5], [0], [2, 3], [3, 1], [4, 0, 2], [2, 3, 4], [1, 3, 1, 2], [2, 2, 3, 2], [2, 1, 2, 1, 3]];

    public static TheoryData<int> BaseIndices => [.. Enumerable.Range(0, Bases.Length)];

    [Theory]
    [MemberData(nameof(BaseIndices))]
    public void Any_chain_of_views_reads_as_its_index_map_says(int baseIndex)
    {
        foreach ((Tensor<int> tensor, NaiveTensor naive) in Chains(baseIndex, 120))
            AssertReads(naive, tensor);
    }

    [Theory]
    [MemberData(nameof(BaseIndices))]
    public void Any_chain_of_views_is_written_where_its_index_map_says(int baseIndex)
    {
        foreach ((Tensor<int> view, NaiveTensor naive) in Chains(baseIndex, 80))
        {
            int[] before = (int[])view.Storage.Clone();
            if (view.Layout.IsBroadcast)
            {
                Assert.Throws<InvalidOperationException>(() => view.Fill(1));
                Assert.Throws<InvalidOperationException>(() => view.CopyFrom(view));
                continue;
            }
            // The base counts 0, 1, 2, …: a value is its own position in the storage.
            var touched = new HashSet<int>(naive.Values());
            view.Fill(-7);
            for (int i = 0; i < before.Length; i++)
                Assert.Equal(touched.Contains(i) ? -7 : before[i], view.Storage[i]);
            view.CopyFrom(Tensor.From<int>(naive.Values(), naive.Shape));
            Assert.Equal(before, view.Storage);
        }
    }

    [Theory]
    [MemberData(nameof(BaseIndices))]
    public void Reshape_of_any_view_keeps_row_major_order_and_shares_where_it_can(int baseIndex)
    {
        foreach ((Tensor<int> view, NaiveTensor naive) in Chains(baseIndex, 60))
        {
            foreach (int[] shape in Factorings(view.Count))
            {
                Tensor<int> reshaped = view.Reshape(shape);
                AssertReads(naive.Reshape(shape), reshaped);
                if (view.IsContiguous)
                    Assert.Same(view.Storage, reshaped.Storage);
            }
            Assert.Same(view.Storage, view.Reshape(view.Shape).Storage);
        }
    }

    [Theory]
    [MemberData(nameof(BaseIndices))]
    public void A_walk_over_three_layouts_keeps_them_in_step(int baseIndex)
    {
        var byShape = new Dictionary<string, List<(Tensor<int> Tensor, NaiveTensor Naive)>>();
        foreach ((Tensor<int> tensor, NaiveTensor naive) in Chains(baseIndex, 80))
        {
            string shape = Shapes.Format(naive.Shape);
            if (!byShape.TryGetValue(shape, out var same))
                byShape[shape] = same = [(Tensor.From<int>(NaiveTensor.Counting(naive.Shape).Values(), naive.Shape), NaiveTensor.Counting(naive.Shape))];
            same.Add((tensor, naive));
        }
        foreach (List<(Tensor<int> Tensor, NaiveTensor Naive)> same in byShape.Values)
        {
            for (int i = 2; i < same.Count; i++)
                AssertInStep(same[i - 2], same[i - 1], same[i]);
        }
    }

    [Fact]
    public void A_walk_merges_what_lies_in_one_piece()
    {
        Tensor<int> tensor = Tensor.Zeros<int>(2, 3, 4, 5);
        Assert.Equal(120, new StridedWalk(tensor.Layout).RunLength);
        Assert.Equal(20, new StridedWalk(tensor[.., ..2].Layout).RunLength / 2);
        Assert.Equal(60, new StridedWalk(tensor[..1].Layout).RunLength);
        Assert.Equal(60, new StridedWalk(Tensor.Zeros<int>(1, 1).BroadcastTo(5, 12).Layout).RunLength);
        Assert.Equal(1, new StridedWalk(tensor[0, 0, 0, ..1].Layout).RunLength);
        Assert.Equal(5, new StridedWalk(tensor.Layout, tensor.Flip(2).Layout).RunLength);
        Assert.Contains("(2,)", Assert.Throws<ArgumentException>(() => new StridedWalk(new Layout([2]), new Layout([3])).RunLength).Message);
    }

    [Fact]
    public void A_layout_takes_a_stride_for_each_axis_and_repeats_axes_of_size_one()
    {
        var turned = new Layout([3, 2], [1, 3], offset: 5);
        Assert.Equal((5, 6, false), (turned.Offset, turned.Count, turned.IsContiguous));
        Assert.Contains("received 1 strides", Assert.Throws<ArgumentException>(() => new Layout([3, 2], [1], 0)).Message);
        Layout repeated = new Layout([3, 1]).BroadcastTo(4, 3, 2);
        Assert.Equal([0, 1, 0], repeated.Strides);
        Assert.True(repeated.IsBroadcast);
        Assert.Contains("(4, 2, 2)", Assert.Throws<ArgumentException>(() => new Layout([3, 1]).BroadcastTo(4, 2, 2)).Message);
    }

    [Fact]
    public void A_reshape_across_a_gap_copies_and_one_inside_it_does_not()
    {
        Tensor<int> window = Tensor.From<int>(NaiveTensor.Counting([4, 6]).Values(), 4, 6)[.., 1..5];
        Assert.Same(window.Storage, window.Reshape(2, 2, 2, 2).Storage);
        Assert.Same(window.Storage, window.Reshape(4, 1, 4).Storage);
        Assert.Same(window.Storage, window.Flip(0).Reshape(2, 2, 4).Storage);
        Assert.Same(window.Storage, window.Flip(1).Flip(0).Reshape(4, 2, -1).Storage);
        Assert.NotSame(window.Storage, window.Reshape(16).Storage);
        Assert.NotSame(window.Storage, window.Transpose().Reshape(16).Storage);
        Tensor<int> row = window[1, ..];
        Assert.Same(row.Storage, row.BroadcastTo(3, 2, 4).Reshape(6, 4).Storage);
    }

    private static IEnumerable<(Tensor<int> Tensor, NaiveTensor Naive)> Chains(int baseIndex, int chains)
    {
        int[] shape = Bases[baseIndex];
        for (int chain = 0; chain < chains; chain++)
        {
            NaiveTensor naive = NaiveTensor.Counting(shape);
            Tensor<int> tensor = Tensor.From<int>(naive.Values(), shape);
            int[] draws = RandomSource.FromSeed(chain).Derive((ulong)baseIndex).Integers(0, 1 << 20, 40).ToArray();
            yield return (tensor, naive);
            for (int next = 0; next < 36; next += 9)
            {
                (tensor, naive) = Apply(tensor, naive, draws.AsSpan(next, 9));
                yield return (tensor, naive);
            }
        }
    }

    private static (Tensor<int> Tensor, NaiveTensor Naive) Apply(Tensor<int> tensor, NaiveTensor naive, ReadOnlySpan<int> draws)
    {
        int rank = tensor.Rank;
        int axis = rank == 0 ? 0 : draws[1] % rank;
        int size = rank == 0 ? 0 : tensor.Shape[axis];
        switch (draws[0] % 8)
        {
            case 0:
                int[] axes = RandomSource.FromSeed(draws[2]).Permutation(rank);
                return (tensor.Permute(axes), naive.Permute(axes));
            case 1:
                return (tensor.Transpose(), naive.Permute([.. Enumerable.Range(0, rank).Reverse()]));
            case 2 when rank > 0:
                return (tensor.Flip(axis - rank), naive.Flip(axis));
            case 3 when rank > 0:
                int start = draws[2] % (size + 1), length = draws[3] % (size - start + 1);
                Slice[] slices = new Slice[axis + 1];
                Array.Fill(slices, Slice.All);
                slices[axis] = draws[4] % 2 == 0 ? start..(start + length) : ^(size - start)..^(size - start - length);
                return (tensor[slices], naive.Range(axis, start, length));
            case 4 when size > 0:
                int position = draws[2] % size;
                Slice[] picks = new Slice[axis + 1];
                Array.Fill(picks, Slice.All);
                picks[axis] = draws[3] % 2 == 0 ? position : ^(size - position);
                return (tensor[picks], naive.Pick(axis, position));
            case 5 when rank < 6:
                int place = draws[2] % (rank + 1);
                return (tensor.ExpandDims(place), naive.ExpandDims(place));
            case 6 when rank is > 0 and < 6 && tensor.Count < 200:
                int[] shape = [.. Enumerable.Repeat(1 + draws[2] % 2, draws[3] % 2), .. naive.Shape];
                for (int i = 0; i < rank; i++)
                    shape[^(i + 1)] = shape[^(i + 1)] == 1 ? draws[4 + i % 4] % 4 : shape[^(i + 1)];
                return (tensor.BroadcastTo(shape), naive.BroadcastTo(shape));
            case 7 when rank > 0:
                int rows = draws[2] % (tensor.Shape[0] + 1);
                return (tensor.Rows(tensor.Shape[0] - rows, rows), naive.Range(0, tensor.Shape[0] - rows, rows));
            default:
                return (tensor, naive);
        }
    }

    private static void AssertReads(NaiveTensor naive, Tensor<int> tensor)
    {
        int[] expected = naive.Values();
        Assert.Equal(naive.Shape, tensor.Shape);
        Assert.Equal(expected.Length, tensor.Count);
        Assert.Equal(expected, tensor.ToArray());
        Assert.Equal(expected, tensor.Clone().AsSpan().ToArray());
        var enumerated = new List<int>();
        foreach (int value in tensor)
            enumerated.Add(value);
        Assert.Equal(expected, enumerated);
        int at = 0;
        foreach (int[] index in NaiveTensor.Indices(naive.Shape))
            Assert.Equal(expected[at++], tensor[index]);
        if (tensor.IsContiguous)
            Assert.Equal(expected, tensor.AsSpan().ToArray());
        else
            Assert.Throws<InvalidOperationException>(() => tensor.AsSpan());
    }

    private static void AssertInStep((Tensor<int> Tensor, NaiveTensor Naive) a, (Tensor<int> Tensor, NaiveTensor Naive) b, (Tensor<int> Tensor, NaiveTensor Naive) c)
    {
        int[] expectedA = a.Naive.Values(), expectedB = b.Naive.Values(), expectedC = c.Naive.Values();
        int at = 0;
        var walk = new StridedWalk(a.Tensor.Layout, b.Tensor.Layout, c.Tensor.Layout);
        while (walk.MoveNext())
        {
            for (int i = 0; i < walk.RunLength; i++, at++)
            {
                Assert.Equal(expectedA[at], a.Tensor.Storage[walk.First + i * walk.FirstStride]);
                Assert.Equal(expectedB[at], b.Tensor.Storage[walk.Second + i * walk.SecondStride]);
                Assert.Equal(expectedC[at], c.Tensor.Storage[walk.Third + i * walk.ThirdStride]);
            }
        }
        Assert.Equal(expectedA.Length, at);
        Assert.False(walk.MoveNext());
    }

    private static IEnumerable<int[]> Factorings(int count)
    {
        yield return [count];
        yield return [1, count, 1];
        for (int factor = 2; factor <= Math.Min(count, 6); factor++)
        {
            if (count % factor != 0)
                continue;
            yield return [factor, count / factor];
            yield return [count / factor, factor];
            if (count / factor % 2 == 0)
                yield return [factor, 2, count / factor / 2];
        }
    }
}

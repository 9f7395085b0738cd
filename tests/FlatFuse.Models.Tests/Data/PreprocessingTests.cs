using FlatFuse.Models.Data;
using FlatFuse.Tensors;

namespace FlatFuse.Models.Tests.Data;

public sealed class PreprocessingTests
{
    private static readonly int[][] Sentences = [[1, 2, 3], [4], [5, 6, 7, 8, 9]];

    [Theory]
    [InlineData(PadSide.Before, PadSide.Before, new[] { 0, 1, 2, 3, 0, 0, 0, 4, 6, 7, 8, 9 })]
    [InlineData(PadSide.After, PadSide.Before, new[] { 1, 2, 3, 0, 4, 0, 0, 0, 6, 7, 8, 9 })]
    [InlineData(PadSide.After, PadSide.After, new[] { 1, 2, 3, 0, 4, 0, 0, 0, 5, 6, 7, 8 })]
    public void PadSequences_fills_and_cuts_the_asked_sides(PadSide padding, PadSide truncating, int[] expected)
    {
        Tensor<int> padded = Preprocessing.PadSequences(Sentences, 4, padding, truncating);
        Assert.Equal([3, 4], padded.Shape.ToArray());
        Assert.Equal(expected, padded.AsSpan().ToArray());
    }

    [Fact]
    public void PadSequences_takes_the_longest_by_default_and_any_filler()
    {
        Tensor<int> padded = Preprocessing.PadSequences(Sentences, value: -1);
        Assert.Equal([3, 5], padded.Shape.ToArray());
        Assert.Equal(-1, padded[0, 0]);
    }

    [Fact]
    public void ToCategorical_has_a_one_at_the_label()
    {
        Tensor<float> rows = Preprocessing.ToCategorical([2, 0]);
        Assert.Equal([0, 0, 1, 1, 0, 0], rows.AsSpan().ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => Preprocessing.ToCategorical([3], classes: 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Preprocessing.ToCategorical([-1], classes: 3));
    }

    [Fact]
    public void TimeSeriesWindows_are_the_runs_of_steps()
    {
        Tensor<float> series = Tensor.From<float>([0, 10, 1, 11, 2, 12, 3, 13, 4, 14], 5, 2);
        Tensor<float> windows = Preprocessing.TimeSeriesWindows(series, 3, stride: 2);
        Assert.Equal([2, 3, 2], windows.Shape.ToArray());
        Assert.Equal([0, 10, 1, 11, 2, 12, 2, 12, 3, 13, 4, 14], windows.AsSpan().ToArray());
        Assert.Throws<ArgumentException>(() => Preprocessing.TimeSeriesWindows(series, 6));
    }

    [Fact]
    public void TakeRows_copies_in_the_asked_order()
    {
        Tensor<int> taken = Preprocessing.TakeRows(Tensor.From<int>([1, 2, 3, 4, 5, 6], 3, 2), [2, 0, 2]);
        Assert.Equal([5, 6, 1, 2, 5, 6], taken.AsSpan().ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => Preprocessing.TakeRows(taken, [3]));
    }

    [Fact]
    public void A_split_holds_every_sample_once()
    {
        TrainTestSplit split = TrainTestSplit.Shuffled(10, 0.3, seed: 5);
        Assert.Equal((7, 3), (split.Train.Count, split.Test.Count));
        Assert.Equal(Enumerable.Range(0, 10), split.Train.Concat(split.Test).Order());
        Assert.Equal(split.Test, TrainTestSplit.Shuffled(10, 0.3, seed: 5).Test);
        Assert.Equal([8, 9], TrainTestSplit.Ordered(10, 0.2).Test);
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainTestSplit.Ordered(10, 1));
    }

    [Fact]
    public void A_standard_scaler_makes_mean_zero_and_deviation_one()
    {
        Tensor<float> data = RandomSource.FromSeed(1).Normal(5, 3, 400, 2);
        Tensor<float> scaled = FeatureScaler.Standard(data).Transform(data);
        double[] column = [.. Enumerable.Range(0, 400).Select(i => (double)scaled[i, 1])];
        // Means of 400 float32 numbers: rounding stays far below 1e-5.
        Assert.Equal(0, column.Average(), 1e-5);
        Assert.Equal(1, Math.Sqrt(column.Average(value => value * value)), 1e-5);
    }

    [Fact]
    public void A_min_max_scaler_reaches_zero_and_one_and_leaves_constants_finite()
    {
        FeatureScaler scaler = FeatureScaler.MinMax(Tensor.From(new float[,] { { 2, 7 }, { 6, 7 }, { 4, 7 } }));
        Assert.Equal([0, 0, 1, 0, 0.5f, 0], scaler.Transform(Tensor.From(new float[,] { { 2, 7 }, { 6, 7 }, { 4, 7 } })).AsSpan().ToArray());
        Assert.Throws<ArgumentException>(() => scaler.Transform(Tensor.Zeros<float>(2, 3)));
    }
}

using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Training.Tests;

public class GradientClippingTests
{
    // Plain SGD at rate 1 from weights of 0: the weights are the clipped gradients, negated.
    [Fact]
    public void Clip_norm_shortens_each_variable_by_its_own_norm()
        => Assert.Equal([3f / 5 * 2, 4f / 5 * 2, 0.5f, 0f], Clipped(new SGD(1.0) { ClipNorm = 2 }));

    [Fact]
    public void Global_clip_norm_shortens_all_by_the_norm_of_all()
        => Assert.Equal([3f, 4f, 0.5f, 0f], Clipped(new SGD(1.0) { GlobalClipNorm = Math.Sqrt(25.25) }));

    [Fact]
    public void Clip_value_cuts_each_entry()
        => Assert.Equal([2f, 2f, 0.5f, 0f], Clipped(new SGD(1.0) { ClipValue = 2 }));

    [Fact]
    public void A_norm_within_the_limit_changes_no_bit()
        => Assert.Equal([3f, 4f, 0.5f, 0f], Clipped(new SGD(1.0) { ClipNorm = 5 }));

    [Fact]
    public void A_gradient_of_zeros_stays_zero()
    {
        var segment = new WeightSegment(Tensor.Zeros<float>(4), Tensor.Zeros<float>(4));
        new SGD(1.0) { ClipNorm = 1 }.CreateState([segment]).Step(new Workers(threads: 1));
        Assert.Equal([0f, 0f, 0f, 0f], segment.Weights.AsSpan().ToArray());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_gradient_that_is_not_finite_shows_in_the_weights(float bad)
    {
        foreach (Optimizer optimizer in new Optimizer[] { new SGD(1.0) { ClipNorm = 1 }, new SGD(1.0) { GlobalClipNorm = 1 } })
        {
            var segment = new WeightSegment(Tensor.Zeros<float>(4), Tensor.From([1f, bad, 1f, 1f]));
            optimizer.CreateState([segment]).Step(new Workers(threads: 1));
            Assert.True(float.IsNaN(segment.Weights.AsSpan()[1]));
        }
    }

    [Fact]
    public void Two_kinds_of_clipping_are_refused()
        => Assert.Contains("2 kinds", Assert.Throws<ArgumentException>(() => new Adam { ClipNorm = 1, ClipValue = 1 }.CreateState([])).Message);

    [Fact]
    public void Hyper_parameters_out_of_range_are_refused_with_their_names()
    {
        Assert.Contains("Momentum", Assert.Throws<ArgumentOutOfRangeException>(() => new SGD { Momentum = 1 }).Message);
        Assert.Contains("Beta2", Assert.Throws<ArgumentOutOfRangeException>(() => new Adam { Beta2 = -0.1 }).Message);
        Assert.Contains("ClipNorm", Assert.Throws<ArgumentOutOfRangeException>(() => new Adam { ClipNorm = 0 }).Message);
        Assert.Contains("Learning rate", Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(double.NaN)).Message);
    }

    [Fact]
    public void A_segment_whose_parts_do_not_fit_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new WeightSegment(Tensor.Zeros<float>(4), Tensor.Zeros<float>(5)));
        Assert.Throws<ArgumentException>(() => new WeightSegment(Tensor.Zeros<float>(4), Tensor.Zeros<float>(4), new WeightRange(2, 3)));
        Assert.Throws<ArgumentException>(() => new WeightSegment(Tensor.Zeros<float>(4), Tensor.Zeros<float>(4), new WeightRange(0, 3), new WeightRange(2, 1)));
    }

    private static float[] Clipped(Optimizer optimizer)
    {
        var segment = new WeightSegment(Tensor.Zeros<float>(4), Tensor.From([3f, 4f, 0.5f, 0f]), new WeightRange(0, 2), new WeightRange(2, 2));
        optimizer.CreateState([segment]).Step(new Workers(threads: 1));
        return [.. segment.Weights.AsSpan().ToArray().Select(weight => 0f - weight)];
    }
}

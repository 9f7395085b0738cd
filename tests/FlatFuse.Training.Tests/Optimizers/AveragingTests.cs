using FlatFuse.Kernels;
using FlatFuse.Tensors;

namespace FlatFuse.Training.Tests;

public sealed class AveragingTests
{
    // Each number goes through a handful of float operations on values near 1.
    private const float Tolerated = 1e-6f;

    [Fact]
    public void The_average_follows_the_weights_and_ends_in_them()
    {
        (OptimizerState state, WeightSegment segment) = Of(new SGD(0.1) { UseEma = true, EmaMomentum = 0.75 });
        double weight = 1, average = 0;
        for (int step = 0; step < 5; step++)
        {
            double gradient = step - 1.5;
            Step(state, segment, gradient);
            weight -= 0.1 * gradient;
            average = step == 0 ? weight : (0.75 * average) + (0.25 * weight);
            Assert.Equal((float)weight, segment.Weights[0], Tolerated);
            Assert.Equal((float)average, state.Slot(0, 0)[0], Tolerated);
        }
        state.Finish();
        Assert.Equal((float)average, segment.Weights[0], Tolerated);
        Assert.Equal(segment.Weights[0], segment.Weights[6]);
    }

    [Fact]
    public void The_average_overwrites_the_weights_every_n_steps()
    {
        (OptimizerState state, WeightSegment segment) = Of(new SGD(0.1) { UseEma = true, EmaMomentum = 0.5, EmaOverwriteFrequency = 3 });
        double weight = 1, average = 0;
        for (int step = 0; step < 7; step++)
        {
            Step(state, segment, 1);
            weight -= 0.1;
            average = step == 0 ? weight : (average + weight) / 2;
            if (step % 3 == 2)
                weight = average;
            Assert.Equal((float)weight, segment.Weights[0], Tolerated);
        }
    }

    [Fact]
    public void Without_a_step_there_is_no_average_to_end_with()
    {
        (OptimizerState state, WeightSegment segment) = Of(new SGD(0.1) { UseEma = true });
        state.Finish();
        Assert.Equal(1f, segment.Weights[0]);
    }

    [Fact]
    public void Gradients_of_n_batches_make_one_update_from_their_mean()
    {
        (OptimizerState summing, WeightSegment parts) = Of(new Adam(0.1) { GradientAccumulationSteps = 3, ClipValue = 0.8 });
        (OptimizerState plain, WeightSegment whole) = Of(new Adam(0.1) { ClipValue = 0.8 });
        for (int update = 0; update < 3; update++)
        {
            float before = parts.Weights[0];
            Step(summing, parts, 0.25 + update);
            Step(summing, parts, 0.5);
            Assert.Equal(before, parts.Weights[0]);
            Step(summing, parts, 0.75 - update);
            Step(plain, whole, 0.5);
            Assert.Equal(whole.Weights[0], parts.Weights[0], Tolerated);
            Assert.NotEqual(before, parts.Weights[0]);
        }
        Assert.Equal(9, summing.Iterations);
    }

    [Fact]
    public void Ftrl_makes_small_weights_exactly_zero()
    {
        (OptimizerState state, WeightSegment segment) = Of(new Ftrl(0.1) { L1RegularizationStrength = 10 });
        Step(state, segment, 0.5);
        Assert.Equal(0f, segment.Weights[0]);
    }

    [Fact]
    public void Ftrl_without_penalties_and_from_zero_squares_first_steps_by_the_rate()
    {
        // n = 0: sigma·w and the quadratic term cancel to w − lr · g / |g|.
        (OptimizerState state, WeightSegment segment) = Of(new Ftrl(0.1) { InitialAccumulatorValue = 0 });
        Step(state, segment, 0.5);
        Assert.Equal(0.9f, segment.Weights[0], Tolerated);
    }

    [Fact]
    public void Settings_out_of_range_are_refused_by_name()
    {
        Assert.Contains("EmaMomentum", Assert.Throws<ArgumentOutOfRangeException>(() => new SGD { EmaMomentum = 1.5 }).Message);
        Assert.Contains("EmaOverwriteFrequency", Assert.Throws<ArgumentOutOfRangeException>(() => new SGD { EmaOverwriteFrequency = 0 }).Message);
        Assert.Contains("GradientAccumulationSteps", Assert.Throws<ArgumentOutOfRangeException>(() => new SGD { GradientAccumulationSteps = 1 }).Message);
        Assert.Contains("LearningRatePower", Assert.Throws<ArgumentOutOfRangeException>(() => new Ftrl { LearningRatePower = 0.5 }).Message);
    }

    private static (OptimizerState State, WeightSegment Segment) Of(Optimizer optimizer)
    {
        Tensor<float> weights = Tensor.Zeros<float>(7);
        weights.AsSpan().Fill(1f);
        var segment = new WeightSegment(weights, Tensor.Zeros<float>(7));
        return (optimizer.CreateState([segment]), segment);
    }

    private static void Step(OptimizerState state, WeightSegment segment, double gradient)
    {
        segment.Gradients.AsSpan().Fill((float)gradient);
        state.Step(new Workers(threads: 1));
    }
}

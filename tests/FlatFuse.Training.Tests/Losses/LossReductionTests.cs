using FlatFuse.Autograd;
using FlatFuse.Tensors;

namespace FlatFuse.Training.Tests;

public class LossReductionTests
{
    // Entries of a mean squared error with target 0: 1, 4, 9 and 16.
    private static readonly Tensor<float> Target = Tensor.Zeros<float>(4, 1);
    private static readonly Tensor<float> Prediction = Tensor.From<float>([1f, 2f, 3f, 4f], 4, 1);
    private static readonly Tensor<float> Weight = Tensor.From([1f, 0f, 2f, 0.5f]);

    [Theory]
    [InlineData(LossReduction.SumOverBatchSize, 7.5f, 6.75f)]
    [InlineData(LossReduction.Mean, 7.5f, 6.75f)]
    [InlineData(LossReduction.Sum, 30f, 27f)]
    [InlineData(LossReduction.MeanWithSampleWeight, 7.5f, 27f / 3.5f)]
    public void A_reduction_divides_by_what_its_name_says(LossReduction reduction, float plain, float weighted)
    {
        var loss = new MeanSquaredError { Reduction = reduction };
        Assert.Equal(plain, Scalar(loss.Compute(Target, Leaf(Prediction))));
        Assert.Equal(weighted, Scalar(loss.Compute(Target, Leaf(Prediction), Weight)));
    }

    [Fact]
    public void No_reduction_gives_weighted_entries()
    {
        Variable entries = new MeanSquaredError { Reduction = LossReduction.None }.Compute(Target, Leaf(Prediction), Weight);
        Assert.Equal([4], entries.Shape.ToArray());
        Assert.Equal([1f, 0f, 18f, 8f], entries.Value.AsSpan().ToArray());
    }

    [Fact]
    public void Masked_entries_count_nothing_and_the_mean_is_over_the_others()
    {
        CallContext context = LossCases.Context();
        Variable prediction = context.Leaf(Prediction);
        Variable mask = context.Constant(Tensor.From([1f, 0f, 0f, 1f]));
        Variable value = Loss.MeanSquaredError.Compute(Target, prediction, null, mask);
        value.Backward();
        Assert.Equal(8.5f, Scalar(value));
        Assert.Equal([1f, 0f, 0f, 4f], prediction.Gradient!.AsSpan().ToArray());
    }

    [Fact]
    public void A_masked_nan_does_not_reach_the_loss()
    {
        CallContext context = LossCases.Context();
        Variable value = Loss.MeanSquaredError.Compute(
            Target, context.Leaf(Tensor.From<float>([1f, float.NaN, 3f, 4f], 4, 1)), null, context.Constant(Tensor.From([1f, 0f, 1f, 0f])));
        Assert.Equal(5f, Scalar(value));
    }

    [Fact]
    public void When_everything_is_masked_the_loss_is_zero()
    {
        CallContext context = LossCases.Context();
        Assert.Equal(0f, Scalar(Loss.MeanSquaredError.Compute(Target, context.Leaf(Prediction), null, context.Constant(Tensor.Zeros<float>(4)))));
    }

    [Fact]
    public void Weights_that_are_all_zero_give_zero_and_not_nan()
        => Assert.Equal(0f, Scalar(new MeanSquaredError { Reduction = LossReduction.MeanWithSampleWeight }.Compute(Target, Leaf(Prediction), Tensor.Zeros<float>(4))));

    [Fact]
    public void Ignored_labels_count_nothing_wherever_they_lie()
    {
        Tensor<float> probabilities = Tensor.From<float>([0.5f, 0.5f, 0.9f, 0.1f, 0.25f, 0.75f], 3, 2);
        var loss = new SparseCategoricalCrossentropy { IgnoreClass = -1 };
        float value = Scalar(loss.Compute(Tensor.From([0f, -1f, 1f]), Leaf(probabilities)));
        Assert.Equal((Math.Log(2) + Math.Log(1 / 0.75)) / 2, value, 1e-6);
    }

    [Fact]
    public void A_column_of_weights_repeats_over_the_steps()
    {
        Tensor<float> target = Tensor.Zeros<float>(2, 3, 1), prediction = Tensor.From<float>([1f, 1f, 1f, 2f, 2f, 2f], 2, 3, 1);
        float value = Scalar(Loss.MeanSquaredError.Compute(target, Leaf(prediction), Tensor.From<float>([1f, 10f], 2, 1)));
        Assert.Equal((3f + 120f) / 6f, value);
    }

    [Fact]
    public void One_weight_a_sample_is_not_broadcast_over_steps_silently()
    {
        Tensor<float> target = Tensor.Zeros<float>(3, 3, 1);
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => Loss.MeanSquaredError.Compute(target, Leaf(Tensor.Zeros<float>(3, 3, 1)), Tensor.From([1f, 2f, 3f])));
        Assert.Contains("(3, 1)", error.Message);
        Assert.Contains("(3, 3)", error.Message);
    }

    [Theory]
    [InlineData(new[] { 4 }, new[] { 4, 1 })]
    [InlineData(new[] { 4, 1 }, new[] { 4, 1 })]
    [InlineData(new[] { 1 }, new[] { 1, 1 })]
    [InlineData(new[] { 2, 3 }, new[] { 2, 3, 1 })]
    [InlineData(new[] { 4 }, new[] { 4 })]
    public void A_last_axis_of_one_may_be_missing_in_targets(int[] target, int[] prediction)
        => Assert.Equal(0f, Scalar(Loss.MeanSquaredError.Compute(Tensor.Zeros<float>(target), Leaf(Tensor.Zeros<float>(prediction)))));

    private static Variable Leaf(Tensor<float> value) => LossCases.Context().Leaf(value);

    private static float Scalar(Variable value)
    {
        Assert.Equal(0, value.Rank);
        return value.Value.AsSpan()[0];
    }

    // Keras takes the mean over the last axis whatever the rank: (batch) is one entry, so every reduction gives the same number.
    [Theory]
    [InlineData(LossReduction.None)]
    [InlineData(LossReduction.Sum)]
    [InlineData(LossReduction.SumOverBatchSize)]
    public void Predictions_of_rank_1_are_one_entry(LossReduction reduction)
    {
        var context = new CallContext();
        Variable prediction = context.Leaf(Tensor.From([1f, 2f, 3f]));
        Variable value = new MeanSquaredError { Reduction = reduction }.Compute(Tensor.From([0f, 0f, 0f]), prediction);
        value.Backward();
        Assert.Equal(0, value.Rank);
        Assert.Equal(14 / 3.0, value.Value.AsSpan()[0], 1e-6);
        Assert.Null(FlatFuse.Testing.Tolerance.FirstDifference([2 / 3.0, 4 / 3.0, 2], prediction.Gradient!.AsSpan(), 1e-6, 0));
    }

    [Fact]
    public void Weights_of_samples_do_not_fit_predictions_of_rank_1()
    {
        var context = new CallContext();
        Variable prediction = context.Leaf(Tensor.From([1f, 2f, 3f]));
        ArgumentException refused = Assert.Throws<ArgumentException>(() => Loss.MeanSquaredError.Compute(Tensor.From([0f, 0f, 0f]), prediction, Tensor.From([1f, 2f, 3f])));
        Assert.Contains("(batch, 1)", refused.Message);
    }
}

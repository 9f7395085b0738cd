using FlatFuse.Tensors;

namespace FlatFuse.Training.Tests;

public class LossTargetTests
{
    [Fact]
    public void Targets_of_another_shape_are_refused_with_both_shapes()
    {
        string message = Refusal(Loss.CategoricalCrossentropy, Tensor.Zeros<float>(2, 2), [null, 3]);
        Assert.Contains("(2, 2)", message);
        Assert.Contains("(2, 3)", message);
    }

    [Fact]
    public void Labels_are_never_broadcast()
        => Assert.Contains("(5, 3)", Refusal(Loss.MeanSquaredError, Tensor.Zeros<float>(5, 1), [null, 3]));

    [Fact]
    public void Class_numbers_for_a_one_hot_loss_name_the_sparse_loss()
        => Assert.Contains("SparseCategoricalCrossentropy", Refusal(Loss.CategoricalCrossentropy, Tensor.Zeros<float>(5), [null, 3]));

    [Fact]
    public void One_hot_targets_for_the_sparse_loss_name_the_dense_loss()
        => Assert.Contains("CategoricalCrossentropy", Refusal(Loss.SparseCategoricalCrossentropy, Tensor.Zeros<float>(5, 3), [null, 3]));

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    public void Targets_that_are_not_finite_are_named_with_their_place(float bad, string spelled)
    {
        string message = Refusal(Loss.MeanSquaredError, Tensor.From<float>([0f, 1f, 2f, bad], 2, 2), [null, 2]);
        Assert.Contains(spelled, message);
        Assert.Contains("(1, 1)", message);
        Assert.Contains("output 'score'", message);
    }

    [Theory]
    [InlineData(-1f, "-1")]
    [InlineData(3f, "class 3")]
    [InlineData(0.5f, "0.5")]
    public void Labels_that_are_no_class_are_refused(float label, string spelled)
        => Assert.Contains(spelled, Refusal(Loss.SparseCategoricalCrossentropy, Tensor.From<float>([0f, label], 2, 1), [null, 3]));

    [Fact]
    public void The_ignored_class_is_a_good_label()
        => new SparseCategoricalCrossentropy { IgnoreClass = -1 }.CheckTargets(Tensor.From([0f, -1f]), [null, 3]);

    [Fact]
    public void A_bad_label_is_refused_at_the_step_too_and_reads_nothing_out_of_bounds()
        => Assert.Contains("class 3", Assert.Throws<ArgumentException>(
            () => Loss.SparseCategoricalCrossentropy.Compute(Tensor.From([0f, 3f]), LossCases.Context().Leaf(Tensor.Zeros<float>(2, 3)))).Message);

    [Fact]
    public void Crossentropy_refuses_targets_that_are_no_probabilities()
        => Assert.Contains("from 0 to 1", Refusal(Loss.BinaryCrossentropy, Tensor.From<float>([0f, 2f], 2, 1), [null, 1]));

    [Fact]
    public void One_class_is_refused_for_categorical_losses()
        => Assert.Contains("BinaryCrossentropy", Refusal(Loss.SparseCategoricalCrossentropy, Tensor.Zeros<float>(2, 1), [null, 1]));

    [Fact]
    public void Unknown_axes_of_the_output_fit_any_size()
        => Loss.MeanSquaredError.CheckTargets(Tensor.Zeros<float>(2, 7, 3), [null, null, 3]);

    [Fact]
    public void Weights_of_a_data_set_are_checked()
    {
        Loss.MeanSquaredError.CheckSampleWeights(Tensor.From([1f, 2f]), [null, 3]);
        Assert.Contains("NaN", Assert.Throws<ArgumentException>(() => Loss.MeanSquaredError.CheckSampleWeights(Tensor.From([1f, float.NaN]), [null, 3])).Message);
        Assert.Contains("(2, 1)", Assert.Throws<ArgumentException>(() => Loss.MeanSquaredError.CheckSampleWeights(Tensor.From([1f, 2f]), [null, 5, 3])).Message);
    }

    private static string Refusal(Loss loss, Tensor<float> target, int?[] output)
        => Assert.Throws<ArgumentException>(() => loss.CheckTargets(target, output, "output 'score'")).Message;
}

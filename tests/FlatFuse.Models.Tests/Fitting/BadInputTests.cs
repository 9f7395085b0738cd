using FlatFuse.Layers;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Fitting;

/// <summary>What is wrong with the data is said before the first step, with what was expected, what came and where.</summary>
public sealed class BadInputTests
{
    [Fact]
    public void Wrong_rank() => Refused("(None, 4)", "(4,)", Fit(FitModels.Line(), Tensor.Zeros<float>(4), Tensor.Zeros<float>(4, 1)));

    [Fact]
    public void Wrong_size() => Refused("(None, 4)", "(2, 3)", Fit(FitModels.Line(), Tensor.Zeros<float>(2, 3), Tensor.Zeros<float>(2, 1)));

    [Fact]
    public void No_samples() => Refused("0 samples", "at least one", Fit(FitModels.Line(), Tensor.Zeros<float>(0, 4), Tensor.Zeros<float>(0, 1)));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Targets_that_are_not_finite(float bad)
        => Refused("finite", "dense", Fit(FitModels.Line(), Tensor.Zeros<float>(2, 4), Tensor.From(new[,] { { 0f }, { bad } })));

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void A_label_outside_the_classes(int label)
    {
        Sequential model = FitModels.Line(units: 3);
        model.Compile(new SGD(), Loss.SparseCategoricalCrossentropy);
        Refused(label.ToString(), "3", Record.Exception(() => model.Fit(Tensor.Zeros<float>(2, 4), Tensor.From([0, label]), FitModels.Silent())));
    }

    [Fact]
    public void Targets_of_another_shape_are_never_broadcast()
        => Refused("(2, 3)", "(2, 1)", Fit(FitModels.Line(units: 3), Tensor.Zeros<float>(2, 4), Tensor.Zeros<float>(2, 1)));

    [Fact]
    public void Unequal_numbers_of_samples()
    {
        Refused("2 samples", "(3, 1)", Fit(FitModels.Line(), Tensor.Zeros<float>(2, 4), Tensor.Zeros<float>(3, 1)));
        Model fused = FitModels.Fused();
        FitModels.Compile(fused);
        Refused("'ids' has 2", "'facts' has 3", Record.Exception(() => fused.Fit([Tensor.Zeros<int>(2, 7), Tensor.Zeros<float>(2, 12, 3), Tensor.Zeros<float>(3, 4)], Tensor.Zeros<float>(2, 1))));
    }

    [Fact]
    public void Too_few_arrays()
    {
        Model fused = FitModels.Fused();
        FitModels.Compile(fused);
        Refused("3 inputs (ids, signal, facts)", "1 array", Record.Exception(() => fused.Fit(Tensor.Zeros<int>(2, 7), Tensor.Zeros<float>(2, 1))));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(-1)]
    public void An_id_outside_the_vocabulary(int id)
    {
        Tensor<int> ids = Tensor.Zeros<int>(2, 7);
        ids[1, 3] = id;
        Refused($"id {id} in sample 1", "20", Record.Exception(() => FitModels.Fused().Predict([ids, Tensor.Zeros<float>(2, 12, 3), Tensor.Zeros<float>(2, 4)])));
    }

    [Fact]
    public void A_fraction_where_ids_are_expected()
    {
        Tensor<float> ids = Tensor.Zeros<float>(1, 7);
        ids[0, 2] = 1.5f;
        Refused("whole numbers", "1.5", Record.Exception(() => FitModels.Fused().Predict([ids, Tensor.Zeros<float>(1, 12, 3), Tensor.Zeros<float>(1, 4)])));
    }

    [Fact]
    public void An_integer_that_float32_cannot_hold()
        => Refused("16777217", "16777216", Record.Exception(() => FitModels.Line().Predict(Tensor.From(new[,] { { 1, 2, 3, 16_777_217 } }))));

    [Fact]
    public void An_embedding_inside_a_nested_model_is_checked_at_the_door()
    {
        var inner = new Sequential(Input.Of([3], dtype: DType.Int32), new Embedding(5, 2), new Flatten());
        var model = new Sequential(Input.Of([3], dtype: DType.Int32), inner, new Dense(1));
        Refused("id 7 in sample 0", "vocabulary of 5", Record.Exception(() => model.Predict(Tensor.From(new[,] { { 0, 7, 1 } }))));
    }

    [Fact]
    public void Fit_before_Compile()
    {
        var refused = Assert.Throws<InvalidOperationException>(() => FitModels.Line().Fit(Tensor.Zeros<float>(2, 4), Tensor.Zeros<float>(2, 1)));
        Assert.Contains("Compile", refused.Message);
    }

    [Fact]
    public void Losses_and_metrics_for_another_number_of_outputs()
    {
        Sequential model = FitModels.Line();
        Assert.Contains("2 losses", Assert.Throws<ArgumentException>(() => model.Compile(new SGD(), [Loss.MeanSquaredError, Loss.MeanSquaredError])).Message);
        Assert.Contains("2 loss weights", Assert.Throws<ArgumentException>(() => model.Compile(new SGD(), [Loss.MeanSquaredError], lossWeights: [1, 1])).Message);
    }

    [Fact]
    public void A_loss_that_is_not_reduced()
    {
        var refused = Assert.Throws<ArgumentException>(() => FitModels.Line().Compile(new SGD(), new MeanSquaredError { Reduction = LossReduction.None }));
        Assert.Contains("SumOverBatchSize", refused.Message);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Sample_weights_that_are_not_finite(float bad)
        => Refused("sample weight 1", "finite", Weighted(Tensor.From([1f, bad])));

    [Fact]
    public void Sample_weights_of_another_shape() => Refused("dense", "(2, 3)", Weighted(Tensor.Zeros<float>(2, 3)));

    [Fact]
    public void Class_weights_beside_weights_of_single_entries()
    {
        Sequential model = new(Input.Of([3, 4]), new Dense(2, Activation.Softmax));
        model.Compile(new SGD(), Loss.SparseCategoricalCrossentropy);
        FitOptions options = new() { SampleWeight = Tensor.Zeros<float>(2, 3), ClassWeight = new Dictionary<int, double> { [1] = 2 }, Verbosity = Verbosity.Silent };
        Refused("(2,)", "(2, 3)", Record.Exception(() => model.Fit(Tensor.Zeros<float>(2, 3, 4), Tensor.Zeros<int>(2, 3), options)));
    }

    [Fact]
    public void Class_weights_for_targets_of_several_class_numbers_a_sample()
    {
        Sequential model = new(Input.Of([3, 4]), new Dense(2, Activation.Softmax));
        model.Compile(new SGD(), Loss.SparseCategoricalCrossentropy);
        Refused("ClassWeight", "3 labels a sample", Record.Exception(() => model.Fit(Tensor.Zeros<float>(2, 3, 4), Tensor.Zeros<int>(2, 3), ClassWeighted())));
    }

    [Fact]
    public void Class_weights_for_rows_with_several_labels()
    {
        Sequential model = new(Input.Of([4]), new Dense(3, Activation.Sigmoid));
        model.Compile(new SGD(), Loss.BinaryCrossentropy);
        Tensor<float> y = Tensor.From(new float[,] { { 0, 1, 0 }, { 1, 0, 1 } });
        Refused("ClassWeight", "sample 1 has 2 labels", Record.Exception(() => model.Fit(Tensor.Zeros<float>(2, 4), y, ClassWeighted())));
    }

    [Fact]
    public void A_loss_that_cannot_fit_the_output_is_refused_by_Compile()
    {
        var refused = Assert.Throws<ArgumentException>(() => FitModels.Line().Compile(new SGD(), Loss.SparseCategoricalCrossentropy));
        Assert.Contains("dense", refused.Message);
    }

    [Fact]
    public void Refused_data_leave_the_weights_as_they_were()
    {
        Sequential model = FitModels.Line();
        int[] before = FitModels.Bits(model);
        Assert.NotNull(Fit(model, Tensor.Zeros<float>(2, 4), Tensor.From(new[,] { { 0f }, { float.NaN } })));
        Assert.Equal(before, FitModels.Bits(model));
        Assert.Null(Fit(model, Tensor.Zeros<float>(2, 4), Tensor.Zeros<float>(2, 1)));
    }

    private static FitOptions ClassWeighted() => new() { ClassWeight = new Dictionary<int, double> { [1] = 2 }, Verbosity = Verbosity.Silent };

    private static Exception? Fit(Sequential model, Tensor x, Tensor y)
    {
        model.Compile(new SGD(), Loss.MeanSquaredError);
        return Record.Exception(() => model.Fit(x, y, FitModels.Silent()));
    }

    private static Exception? Weighted(Tensor<float> weights)
    {
        Sequential model = FitModels.Line();
        model.Compile(new SGD(), Loss.MeanSquaredError);
        FitOptions options = new() { SampleWeight = weights, Verbosity = Verbosity.Silent };
        return Record.Exception(() => model.Fit(Tensor.Zeros<float>(2, 4), Tensor.Zeros<float>(2, 1), options));
    }

    private static void Refused(string expected, string received, Exception? exception)
    {
        ArgumentException refusal = Assert.IsAssignableFrom<ArgumentException>(exception);
        Assert.Contains(expected, refusal.Message);
        Assert.Contains(received, refusal.Message);
    }
}

using FlatFuse.Tensors;
using FlatFuse.Testing;

namespace FlatFuse.Training.Tests;

public class MetricTests
{
    public static TheoryData<string> Names =>
    [
        "MeanSquaredError", "MeanAbsoluteError", "MeanAbsolutePercentageError", "MeanSquaredLogarithmicError", "RootMeanSquaredError",
        "LogCoshError", "CosineSimilarity", "Hinge", "SquaredHinge", "CategoricalHinge", "KLDivergence", "Poisson", "BinaryCrossentropy",
        "CategoricalCrossentropy", "SparseCategoricalCrossentropy", "BinaryAccuracy", "CategoricalAccuracy", "SparseCategoricalAccuracy",
        "TopKCategoricalAccuracy", "SparseTopKCategoricalAccuracy", "Precision", "Recall", "AUC", "F1Score",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Two_halves_give_what_the_whole_gives_and_updates_allocate_nothing(string name)
    {
        Metric metric = TrainingRegistry.CreateMetric(name);
        bool sparse = name.StartsWith("Sparse", StringComparison.Ordinal);
        Tensor<float> yTrue = sparse ? Tensor.From([0f, 2f, 1f, 2f]) : Tensor.From<float>([1f, 0f, 0f, 0f, 0f, 1f, 0f, 1f, 0f, 0f, 0f, 1f], 4, 3);
        Tensor<float> yPred = Tensor.From<float>(TestValues.Create(12, seed: 5, 0.05f, 0.95f), 4, 3);
        Tensor<float> weight = Tensor.From([1f, 2f, 0.5f, 3f]);

        MetricState whole = metric.CreateState();
        whole.Update(yTrue, yPred, weight);
        MetricState halves = metric.CreateState();
        for (int pass = 0; pass < 3; pass++)
        {
            halves.Reset();
            Assert.Equal(0.0, halves.Result);
            Halves();
        }
        Assert.Equal(whole.Result, halves.Result, 1e-12);

        Tensor<float>[] first = [Half(yTrue, 0), Half(yPred, 0), Half(weight, 0)];
        Assert.Equal(0, Allocations.Least(() => halves.Update(first[0], first[1], first[2])));

        void Halves()
        {
            for (int half = 0; half < 2; half++)
                halves.Update(Half(yTrue, half), Half(yPred, half), Half(weight, half));
        }
    }

    // Weights an element, as Keras takes them where it takes no mean over the last axis.
    [Theory]
    [InlineData("Precision", 3.0 / 7)]
    [InlineData("Recall", 3.0 / 5)]
    [InlineData("BinaryAccuracy", 6.0 / 12)]
    [InlineData("RootMeanSquaredError", 0.5)]
    public void Elements_may_have_weights_of_their_own(string name, double expected)
    {
        MetricState state = TrainingRegistry.CreateMetric(name).CreateState();
        float high = name == "RootMeanSquaredError" ? 0.5f : 0.75f, low = name == "RootMeanSquaredError" ? 0.5f : 0.25f;
        state.Update(
            Tensor.From<float>([1f, 0f, 1f, 0f], 2, 2),
            Tensor.From<float>([high, high, low, low], 2, 2),
            Tensor.From<float>([3f, 4f, 2f, 3f], 2, 2));
        Assert.Equal(expected, state.Result, 1e-12);
    }

    [Fact]
    public void Equal_weights_an_element_leave_the_area_under_the_curve()
    {
        Tensor<float> yTrue = Tensor.From<float>([1f, 0f, 0f, 1f, 0f, 1f], 2, 3), yPred = Tensor.From<float>(TestValues.Create(6, seed: 3, 0.05f, 0.95f), 2, 3);
        MetricState plain = new AUC().CreateState(), weighted = new AUC().CreateState();
        plain.Update(yTrue, yPred);
        weighted.Update(yTrue, yPred, Tensor.From<float>([2f, 2f, 2f, 2f, 2f, 2f], 2, 3));
        Assert.Equal(plain.Result, weighted.Result, 1e-12);
    }

    [Fact]
    public void A_weight_a_sample_is_for_all_its_steps()
    {
        MetricState state = new MeanAbsoluteErrorMetric().CreateState();
        state.Update(Tensor.From<float>([0f, 0f, 0f, 0f], 2, 2, 1), Tensor.From<float>([1f, 3f, 5f, 9f], 2, 2, 1), Tensor.From([1f, 3f]));
        Assert.Equal(((1 * 2) + (3 * 7)) / 4.0, state.Result, 1e-12);
    }

    // Keras: the mean over the last axis leaves one value an update, whatever its length.
    [Fact]
    public void Predictions_of_rank_1_are_one_value_an_update()
    {
        MetricState entries = new MeanAbsoluteErrorMetric().CreateState(), elements = new RootMeanSquaredError().CreateState();
        foreach (float[] prediction in (float[][])[[2f, 4f, 6f], [1f]])
        {
            entries.Update(Tensor.From<float>(new float[prediction.Length], prediction.Length), Tensor.From(prediction));
            elements.Update(Tensor.From<float>(new float[prediction.Length], prediction.Length), Tensor.From(prediction));
        }
        Assert.Equal((4 + 1) / 2.0, entries.Result, 1e-12);
        Assert.Equal(Math.Sqrt((4 + 16 + 36 + 1) / 4.0), elements.Result, 1e-12);
    }

    [Fact]
    public void A_prediction_at_the_threshold_is_not_above_it()
        => Assert.Equal(0.5, Result(new BinaryAccuracy(), [1f, 0f], [0.5f, 0.5f]));

    [Fact]
    public void Accuracy_of_one_column_is_binary()
        => Assert.IsType<BinaryAccuracy>(Metric.Accuracy.Resolve([null, 1], [null, 1], Loss.MeanSquaredError));

    [Fact]
    public void Accuracy_of_class_numbers_is_sparse()
    {
        Assert.IsType<SparseCategoricalAccuracy>(Metric.Accuracy.Resolve([null, 3], [null], null));
        Assert.IsType<SparseCategoricalAccuracy>(Metric.Accuracy.Resolve([null, 3], [null, 1], null));
        Assert.IsType<SparseCategoricalAccuracy>(Metric.Accuracy.Resolve([null, 3], [], Loss.SparseCategoricalCrossentropy));
    }

    [Fact]
    public void Accuracy_of_anything_else_is_categorical()
    {
        Assert.IsType<CategoricalAccuracy>(Metric.Accuracy.Resolve([null, 3], [null, 3], null));
        Assert.IsType<CategoricalAccuracy>(Metric.Accuracy.Resolve([null, 3], [], Loss.CategoricalCrossentropy));
    }

    [Fact]
    public void Accuracy_that_nobody_resolved_says_so()
        => Assert.Contains("Compile", Assert.Throws<InvalidOperationException>(() => Metric.Accuracy.CreateState()).Message);

    [Fact]
    public void History_keys_are_short_for_the_common_ones()
        => Assert.Equal(
            ["accuracy", "accuracy", "mae", "mse", "root_mean_squared_error", "auc", "top_k_categorical_accuracy"],
            new Metric[] { Metric.Accuracy, new BinaryAccuracy(), Metric.MeanAbsoluteError, Metric.MeanSquaredError, Metric.RootMeanSquaredError, Metric.AUC, new TopKCategoricalAccuracy() }
                .Select(metric => metric.Name));

    [Fact]
    public void A_metric_may_have_another_key()
    {
        Metric metric = new Precision { Threshold = 0.25 }.WithName("p25");
        Assert.Equal("p25", metric.Name);
        Assert.Equal(0.25, Assert.IsType<Precision>(metric).Threshold);
        Assert.Equal("acc", Metric.Accuracy.WithName("acc").Resolve([null, 1], [], null).Name);
    }

    [Fact]
    public void A_perfect_ranking_has_an_area_of_one_and_a_reversed_one_of_zero()
    {
        Assert.Equal(1.0, Result(new AUC(), [0f, 0f, 1f, 1f], [0f, 0.2f, 0.7f, 1f]), 1e-12);
        Assert.Equal(0.0, Result(new AUC(), [1f, 1f, 0f, 0f], [0f, 0.2f, 0.7f, 1f]), 1e-12);
        Assert.Equal(0.5, Result(new AUC(), [1f, 0f], [0.3f, 0.3f]), 1e-12);
        Assert.Equal(0.0, Result(new AUC(), [1f, 1f], [0.3f, 0.4f]));
    }

    [Fact]
    public void Ties_leave_both_classes_among_the_largest()
    {
        Tensor<float> yPred = Tensor.From<float>([0.4f, 0.4f, 0.2f], 1, 3);
        MetricState state = new SparseTopKCategoricalAccuracy(1).CreateState();
        state.Update(Tensor.From([1f]), yPred);
        Assert.Equal(1.0, state.Result);
    }

    [Fact]
    public void Entries_of_the_ignored_class_do_not_enter_the_mean()
    {
        MetricState state = new SparseCategoricalCrossentropyMetric(new SparseCategoricalCrossentropy { IgnoreClass = -1 }).CreateState();
        state.Update(Tensor.From([0f, -1f]), Tensor.From<float>([0.5f, 0.5f, 0.9f, 0.1f], 2, 2));
        Assert.Equal(Math.Log(2), state.Result, 1e-6);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        string message = Assert.Throws<ArgumentException>(
            () => new MeanSquaredErrorMetric().CreateState().Update(Tensor.Zeros<float>(4, 2), Tensor.Zeros<float>(4, 3))).Message;
        Assert.Contains("(4, 2)", message);
        Assert.Contains("(4, 3)", message);
        Assert.Throws<ArgumentException>(() => new AUC().CreateState().Update(Tensor.Zeros<float>(4), Tensor.Zeros<float>(5, 1)));
        Assert.Throws<ArgumentException>(() => new BinaryAccuracy().CreateState().Update(Tensor.Zeros<float>(4), Tensor.Zeros<float>(4, 1), Tensor.Zeros<float>(3)));
    }

    private static double Result(Metric metric, float[] yTrue, float[] yPred)
    {
        MetricState state = metric.CreateState();
        state.Update(Tensor.From<float>(yTrue, yTrue.Length, 1), Tensor.From<float>(yPred, yPred.Length, 1));
        return state.Result;
    }

    private static Tensor<float> Half(Tensor<float> tensor, int half)
    {
        int[] shape = tensor.Shape.ToArray();
        shape[0] /= 2;
        int count = tensor.Count / 2;
        return Tensor.From<float>(tensor.AsSpan().Slice(half * count, count), shape);
    }
}

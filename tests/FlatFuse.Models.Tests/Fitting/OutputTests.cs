using FlatFuse.Layers;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Fitting;

public sealed class OutputTests
{
    private static readonly Tensor<float> X = RandomSource.FromSeed(1).Normal(0, 1, 12, 4);
    private static readonly Tensor<float> Number = RandomSource.FromSeed(2).Normal(0, 1, 12, 1);
    private static readonly Tensor<float> Label = Labels();

    [Fact]
    public void Losses_and_metrics_by_name_are_those_by_position()
    {
        Model byName = TwoOutputs(), byPosition = TwoOutputs();
        byName.Compile(
            new SGD(),
            new Dictionary<string, Loss> { ["label"] = Loss.BinaryCrossentropy, ["number"] = Loss.MeanSquaredError },
            new Dictionary<string, IReadOnlyList<Metric>> { ["label"] = [Metric.Accuracy] },
            new Dictionary<string, double> { ["number"] = 0.25 });
        byPosition.Compile(new SGD(), [Loss.MeanSquaredError, Loss.BinaryCrossentropy], [[], [Metric.Accuracy]], [0.25, 1]);
        History named = byName.Fit(X, [Number, Label], FitModels.Silent(epochs: 2)), positioned = byPosition.Fit(X, [Number, Label], FitModels.Silent(epochs: 2));
        Assert.Equal(["loss", "number_loss", "label_loss", "label_accuracy"], named.Keys);
        Assert.Equal(positioned["loss"], named["loss"]);
        Assert.Equal(FitModels.Bits(byPosition), FitModels.Bits(byName));
    }

    [Fact]
    public void Unknown_and_missing_names_are_refused_with_those_that_exist()
    {
        Model model = TwoOutputs();
        var stranger = Assert.Throws<ArgumentException>(() => model.Compile(new SGD(), new Dictionary<string, Loss> { ["lable"] = Loss.BinaryCrossentropy }));
        Assert.Contains("'lable'", stranger.Message);
        Assert.Contains("number, label", stranger.Message);
        var missing = Assert.Throws<ArgumentException>(() => model.Compile(new SGD(), new Dictionary<string, Loss> { ["label"] = Loss.BinaryCrossentropy }));
        Assert.Contains("'number' has no loss", missing.Message);
    }

    [Fact]
    public void Each_output_has_its_own_sample_weights()
    {
        Tensor<float> none = Tensor.Zeros<float>(12);
        Model model = TwoOutputs();
        model.Compile(new SGD(), [Loss.MeanSquaredError, Loss.BinaryCrossentropy]);
        float[] numberKernel = model.GetWeight("number/kernel").Value.AsSpan().ToArray(), labelKernel = model.GetWeight("label/kernel").Value.AsSpan().ToArray();
        History history = model.Fit(X, [Number, Label], new FitOptions { SampleWeights = [none, null], Verbosity = Verbosity.Silent });
        Assert.Equal(0, history["number_loss"][0]);
        Assert.NotEqual(0, history["label_loss"][0]);
        Assert.Equal(numberKernel, model.GetWeight("number/kernel").Value.AsSpan().ToArray());
        Assert.NotEqual(labelKernel, model.GetWeight("label/kernel").Value.AsSpan().ToArray());
        var error = Assert.Throws<ArgumentException>(() => model.Fit(X, [Number, Label], new FitOptions { SampleWeights = [none, none, none] }));
        Assert.Contains("3 sample weight arrays", error.Message);
    }

    [Fact]
    public void Weighted_metrics_weigh_samples_and_plain_ones_do_not()
    {
        Sequential model = FitModels.Line();
        model.Compile(new SGD(), Loss.MeanSquaredError, [Metric.MeanAbsoluteError], [Metric.MeanAbsoluteError, Metric.MeanSquaredError]);
        // Only the first half counts; the loss is Σ w·l / count, the weighted metric Σ w·v / Σ w.
        Tensor<float> w = Tensor.Zeros<float>(12);
        w.AsSpan()[..6].Fill(2f);
        Evaluation all = model.Evaluate([X], [Number], sampleWeights: [w]), half = model.Evaluate(X[..6], Number[..6]);
        Assert.Equal(["loss", "mae", "weighted_mae", "mse"], all.Keys);
        Assert.Equal(half["mae"], all["weighted_mae"], 1e-6);
        Assert.Equal(half["loss"], all["mse"], 1e-6);
        Assert.Equal(model.Evaluate(X, Number)["mae"], all["mae"]);
        Assert.NotEqual(all["mae"], all["weighted_mae"], 1e-6);
    }

    [Fact]
    public void A_mask_and_weights_together_weigh_what_is_real()
    {
        var input = Input.Of([3, 2]);
        var model = new Model(input, new Dense(1) { UseBias = false, KernelInitializer = new Ones() }.Apply(new Masking().Apply(input)));
        model.Compile(new SGD(), Loss.MeanSquaredError, weightedMetrics: [Metric.MeanAbsoluteError]);
        Tensor<float> x = Tensor.From(new float[,,] { { { 1, 1 }, { 2, 2 }, { 0, 0 } }, { { 4, 4 }, { 0, 0 }, { 0, 0 } } });
        Evaluation measured = model.Evaluate([x], [Tensor.Zeros<float>(2, 3, 1)], sampleWeights: [Tensor.From(new[,] { { 1f }, { 3f } })]);
        // Predictions 2, 4 and 8 at the real steps: (2 + 4 + 3·8) / (1 + 1 + 3).
        Assert.Equal(6, measured["mae"], 1e-6);
    }

    [Fact]
    public void Weighted_metrics_are_saved_with_the_model()
    {
        string path = Callbacks.CallbackModels.TemporaryFile("model.flatfuse");
        Sequential model = FitModels.Line();
        model.Compile(new SGD(), Loss.MeanSquaredError, weightedMetrics: [Metric.MeanAbsoluteError]);
        model.Save(path);
        Assert.Equal(["loss", "mae"], Model.Load(path).Evaluate(X, Number).Keys);
    }

    private static Model TwoOutputs()
    {
        var input = Input.Of([4]);
        SymbolicTensor hidden = new Dense(5, Activation.Tanh).Apply(input);
        return new Model(input, [new Dense(1) { Name = "number" }.Apply(hidden), new Dense(1, Activation.Sigmoid) { Name = "label" }.Apply(hidden)]);
    }

    private static Tensor<float> Labels()
    {
        Tensor<float> labels = Tensor.Zeros<float>(12, 1);
        for (int i = 0; i < 12; i += 2)
            labels[i, 0] = 1;
        return labels;
    }
}

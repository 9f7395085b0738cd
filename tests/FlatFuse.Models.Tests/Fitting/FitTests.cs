using FlatFuse.Layers;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Fitting;

public sealed class FitTests
{
    [Fact]
    public void A_line_is_found()
    {
        Tensor<float> x = RandomSource.FromSeed(1).Normal(0, 1, 200, 4);
        Tensor<float> y = Tensor.Zeros<float>(200, 1);
        for (int i = 0; i < 200; i++)
            y[i, 0] = 2 * x[i, 0] - x[i, 2] + 0.5f;
        Sequential model = FitModels.Line();
        model.Compile(new SGD(0.1), Loss.MeanSquaredError);
        model.Fit(x, y, FitModels.Silent(epochs: 40));
        float[] kernel = model.GetWeight("dense/kernel").Value.AsSpan().ToArray();
        // The data are exact, so descent reaches the line to float precision of the last steps.
        Assert.Equal([2f, 0f, -1f, 0f], kernel, (expected, actual) => MathF.Abs(expected - actual) < 1e-3f);
        Assert.Equal(0.5f, model.GetWeight("dense/bias").Value[0], 1e-3f);
    }

    [Fact]
    public void A_fused_model_learns_its_training_data()
    {
        Model model = FitModels.Fused();
        (Tensor[] x, Tensor<float> y) = FitModels.FusedData(64);
        FitModels.Compile(model);
        History history = model.Fit(x, y, FitModels.Silent(epochs: 60, batchSize: 16));
        Assert.True(history["loss"][^1] < history["loss"][0] / 2, $"{history["loss"][0]} -> {history["loss"][^1]}");
        Assert.Equal(60, history.Epochs);
    }

    [Fact]
    public void The_epochs_loss_is_the_batch_losses_mean_weighted_by_batch_size()
    {
        Sequential model = FitModels.Line();
        model.Compile(new SGD(0.0001), Loss.MeanSquaredError);
        var batches = new BatchLosses();
        Tensor<float> x = RandomSource.FromSeed(2).Normal(0, 1, 7, 4);
        History history = model.Fit(x, Tensor.Zeros<float>(7, 1), new FitOptions { BatchSize = 3, Verbosity = Verbosity.Silent, Callbacks = [batches] });
        Assert.Equal(3, batches.Losses.Count);
        Assert.Equal((3 * batches.Losses[0] + 3 * batches.Losses[1] + batches.Losses[2]) / 7, history["loss"][0], 1e-9);
    }

    [Fact]
    public void Validation_takes_the_last_samples_and_changes_nothing()
    {
        Tensor<float> x = RandomSource.FromSeed(3).Normal(0, 1, 20, 4);
        Tensor<float> y = RandomSource.FromSeed(4).Normal(0, 1, 20, 1);
        Sequential split = FitModels.Line(), given = FitModels.Line();
        split.Compile(new SGD(), Loss.MeanSquaredError, [Metric.MeanAbsoluteError]);
        given.Compile(new SGD(), Loss.MeanSquaredError, [Metric.MeanAbsoluteError]);
        History bySplit = split.Fit(x, y, new FitOptions { Epochs = 2, ValidationSplit = 0.25, Verbosity = Verbosity.Silent });
        History byData = given.Fit(x[..15], y[..15], new FitOptions { Epochs = 2, ValidationData = new ValidationData(x[15..], y[15..]), Verbosity = Verbosity.Silent });
        Assert.Equal(["loss", "mae", "val_loss", "val_mae"], bySplit.Keys);
        Assert.Equal(byData["val_loss"], bySplit["val_loss"]);
        Assert.Equal(FitModels.Bits(given), FitModels.Bits(split));
        Assert.Equal(split.Evaluate(x[15..], y[15..]).Loss, bySplit["val_loss"][^1]);
    }

    [Fact]
    public void Shuffling_depends_on_the_seed_and_the_epoch()
    {
        Tensor<float> x = RandomSource.FromSeed(5).Normal(0, 1, 30, 4);
        Tensor<float> y = RandomSource.FromSeed(6).Normal(0, 1, 30, 1);
        int[] Trained(bool shuffle, long seed)
        {
            Sequential model = FitModels.Line();
            model.Compile(new SGD(), Loss.MeanSquaredError);
            model.Fit(x, y, new FitOptions { BatchSize = 4, Shuffle = shuffle, Seed = seed, Verbosity = Verbosity.Silent });
            return FitModels.Bits(model);
        }

        Assert.Equal(Trained(true, 1), Trained(true, 1));
        Assert.NotEqual(Trained(true, 1), Trained(true, 2));
        Assert.NotEqual(Trained(true, 1), Trained(false, 1));
    }

    [Fact]
    public void Callbacks_hear_everything_in_order_and_may_stop()
    {
        Sequential model = FitModels.Line();
        model.Compile(new SGD(), Loss.MeanSquaredError);
        var listener = new Listener(stopAfterEpoch: 1);
        model.Fit(Tensor.Zeros<float>(5, 4), Tensor.Zeros<float>(5, 1), new FitOptions { Epochs = 9, BatchSize = 3, Verbosity = Verbosity.Silent, Callbacks = [listener] });
        Assert.Equal(["train", "epoch 0", "batch 0", "batch 1", "epoch end 0", "epoch 1", "batch 0", "batch 1", "epoch end 1", "train end"], listener.Heard);
    }

    [Fact]
    public void Progress_is_one_line_an_epoch_in_a_file()
    {
        Sequential model = FitModels.Line();
        model.Compile(new SGD(), Loss.MeanSquaredError, [Metric.MeanAbsoluteError]);
        var output = new StringWriter();
        model.Fit(Tensor.Zeros<float>(6, 4), Tensor.Zeros<float>(6, 1), new FitOptions { Epochs = 2, BatchSize = 2, ValidationSplit = 0.34, Output = output });
        string[] lines = output.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.Equal(4, lines.Length);
        Assert.Equal("Epoch 2/2", lines[2]);
        Assert.Matches(@"^2/2 ━{20} \d+\.\ds .*/step - loss: 0\.0000 - mae: 0\.0000 - val_loss: 0\.0000 - val_mae: 0\.0000$", lines[3]);
    }

    [Fact]
    public void A_bar_that_is_redrawn_says_how_much_time_is_left()
    {
        Sequential model = FitModels.Line();
        model.Compile(new SGD(), Loss.MeanSquaredError);
        var output = new StringWriter();
        model.Fit(Tensor.Zeros<float>(64, 4), Tensor.Zeros<float>(64, 1), new FitOptions { BatchSize = 1, Output = output, Verbosity = Verbosity.ProgressBar });
        Assert.Contains(" left ", output.ToString());
        Assert.Contains('\r', output.ToString());
    }

    [Fact]
    public void A_frozen_layer_keeps_its_bits()
    {
        var frozen = new Dense(3, Activation.Tanh) { Name = "frozen", Trainable = false };
        var model = new Sequential(Input.Of([4]), frozen, new Dense(1));
        model.Compile(new Adam(), Loss.MeanSquaredError);
        float[] before = frozen.Parameters[0].Value.AsSpan().ToArray();
        float[] other = model.GetWeight("dense/kernel").Value.AsSpan().ToArray();
        model.Fit(RandomSource.FromSeed(7).Normal(0, 1, 16, 4), Tensor.Zeros<float>(16, 1), FitModels.Silent(epochs: 3));
        Assert.Equal(before, frozen.Parameters[0].Value.AsSpan().ToArray());
        Assert.NotEqual(other, model.GetWeight("dense/kernel").Value.AsSpan().ToArray());
    }

    [Fact]
    public void Freezing_after_Compile_asks_for_another_Compile()
    {
        Sequential model = FitModels.Line();
        model.Compile(new SGD(), Loss.MeanSquaredError);
        model.Layers[0].Trainable = false;
        var refused = Assert.Throws<InvalidOperationException>(() => model.Fit(Tensor.Zeros<float>(2, 4), Tensor.Zeros<float>(2, 1), FitModels.Silent()));
        Assert.Contains("Compile again", refused.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Freezing_a_layer_without_trainable_weights_after_Compile_asks_for_another_Compile_too(bool nested)
    {
        var statistics = new BatchNormalization { Center = false, Scale = false };
        Layer holder = nested ? new Sequential(Input.Of([4]), statistics) : statistics;
        var model = new Sequential(Input.Of([4]), holder, new Dense(1));
        model.Compile(new SGD(), Loss.MeanSquaredError);
        Tensor<float> x = RandomSource.FromSeed(7).Normal(3, 1, 8, 4), y = Tensor.Zeros<float>(8, 1);
        model.Fit(x, y, FitModels.Silent());
        float[] mean = statistics.Parameters[0].Value.AsSpan().ToArray();
        statistics.Trainable = false;
        var refused = Assert.Throws<InvalidOperationException>(() => model.Fit(x, y, FitModels.Silent()));
        Assert.Contains("Compile again", refused.Message);
        model.Compile(new SGD(), Loss.MeanSquaredError);
        model.Fit(x, y, FitModels.Silent());
        Assert.Equal(mean, statistics.Parameters[0].Value.AsSpan().ToArray());
    }

    [Fact]
    public void A_parameter_of_a_compiled_model_never_moves()
    {
        var shared = new Dense(4, Activation.ReLU);
        var first = new Sequential(Input.Of([4]), shared, new Dense(1));
        first.Compile(new SGD(), Loss.MeanSquaredError);
        Tensor<float> home = shared.Parameters[0].Value;
        var x = Input.Of([4]);
        var second = new Model(x, new Dense(2).Apply(shared.Apply(x)));
        second.Compile(new Adam(), Loss.MeanSquaredError);
        second.Fit(Tensor.Zeros<float>(3, 4), Tensor.Zeros<float>(3, 2), FitModels.Silent());
        Assert.Same(home, shared.Parameters[0].Value);
    }

    [Fact]
    public void A_Sequential_without_Input_learns_its_shape_from_the_first_data()
    {
        var model = new Sequential(new Dense(3, Activation.ReLU), new Dense(1));
        model.Compile(new SGD(), Loss.MeanSquaredError);
        model.Fit(Tensor.Zeros<float>(6, 5), Tensor.Zeros<float>(6, 1), FitModels.Silent());
        Assert.Equal("(None, 1)", model.OutputShape.ToString());
        Assert.Equal(5 * 3 + 3 + 3 + 1, model.CountParameters());
    }

    [Fact]
    public void TrainOnBatch_is_one_step_of_Fit()
    {
        Tensor<float> x = RandomSource.FromSeed(8).Normal(0, 1, 8, 4);
        Tensor<float> y = RandomSource.FromSeed(9).Normal(0, 1, 8, 1);
        Sequential one = FitModels.Line(), other = FitModels.Line();
        one.Compile(new Adam(), Loss.MeanSquaredError);
        other.Compile(new Adam(), Loss.MeanSquaredError);
        double loss = one.TrainOnBatch(x, y).Loss;
        Assert.Equal(loss, other.Fit(x, y, FitModels.Silent(batchSize: 8, shuffle: false))["loss"][0]);
        Assert.Equal(FitModels.Bits(other), FitModels.Bits(one));
    }

    [Fact]
    public void Another_Fit_goes_on_with_new_orders()
    {
        Tensor<float> x = RandomSource.FromSeed(5).Normal(0, 1, 30, 4), y = RandomSource.FromSeed(6).Normal(0, 1, 30, 1);
        Sequential once = FitModels.Line(), twice = FitModels.Line();
        once.Compile(new SGD(), Loss.MeanSquaredError);
        twice.Compile(new SGD(), Loss.MeanSquaredError);
        once.Fit(x, y, FitModels.Silent(epochs: 2, batchSize: 4));
        twice.Fit(x, y, FitModels.Silent(batchSize: 4));
        twice.Fit(x, y, FitModels.Silent(batchSize: 4));
        Assert.Equal(FitModels.Bits(once), FitModels.Bits(twice));
    }

    [Fact]
    public void Class_weights_weigh_what_is_trained_on_and_not_what_is_validated_on()
    {
        Tensor<float> x = RandomSource.FromSeed(10).Normal(0, 1, 10, 4);
        Tensor<int> y = Tensor.From<int>([0, 1, 0, 1, 0, 1, 0, 1, 1, 1]);
        Dictionary<int, double> classWeight = new() { [1] = 10 };
        Sequential model = FitModels.Line(units: 2);
        // A rate of zero keeps the weights, so that Evaluate afterwards sees what the epoch saw.
        model.Compile(new SGD(0), new SparseCategoricalCrossentropy { FromLogits = true });
        History history = model.Fit(x, y, new FitOptions { BatchSize = 8, Shuffle = false, ValidationSplit = 0.2, ClassWeight = classWeight, Verbosity = Verbosity.Silent });
        Tensor<float> weights = Tensor.From([1f, 10, 1, 10, 1, 10, 1, 10]);
        Assert.Equal(model.Evaluate(x[8..], y[8..]).Loss, history["val_loss"][0], 1e-6);
        Assert.Equal(model.Evaluate([x[..8]], [y[..8]], sampleWeights: [weights]).Loss, history["loss"][0], 1e-6);
    }

    [Fact]
    public void Class_weights_go_to_the_nearest_class_number()
    {
        Dictionary<int, double> classWeight = new() { [0] = 2, [1] = 10, [-1] = 5 };
        Tensor<float> weights = DataDoor.ClassWeights(classWeight, Tensor.From([0.999999f, 1, 0.1f, -0.999999f]), sampleWeight: null);
        Assert.Equal([10f, 10, 2, 5], weights.AsSpan().ToArray());
    }

    [Fact]
    public void A_declared_batch_size_is_the_one_that_is_used()
    {
        var model = new Sequential(Input.Of([4], batchSize: 5), new Dense(1));
        model.Compile(new SGD(), Loss.MeanSquaredError);
        var batches = new BatchLosses();
        model.Fit(Tensor.Zeros<float>(15, 4), Tensor.Zeros<float>(15, 1), new FitOptions { Verbosity = Verbosity.Silent, Callbacks = [batches] });
        Assert.Equal(3, batches.Losses.Count);
        Assert.Equal([10, 1], model.Predict(Tensor.Zeros<float>(10, 4)).Shape.ToArray());
        Assert.Contains("multiple of 5", Assert.Throws<ArgumentException>(() => model.Predict(Tensor.Zeros<float>(12, 4))).Message);
    }

    private sealed class BatchLosses : Callback
    {
        public List<double> Losses { get; } = [];

        public override void OnBatchEnd(TrainingProgress progress) => Losses.Add(progress.BatchLoss);
    }

    private sealed class Listener(int stopAfterEpoch) : Callback
    {
        public List<string> Heard { get; } = [];

        public override void OnTrainBegin(TrainingProgress progress) => Heard.Add("train");

        public override void OnEpochBegin(TrainingProgress progress) => Heard.Add($"epoch {progress.Epoch}");

        public override void OnBatchEnd(TrainingProgress progress) => Heard.Add($"batch {progress.Batch}");

        public override void OnEpochEnd(TrainingProgress progress)
        {
            Heard.Add($"epoch end {progress.Epoch}");
            progress.StopTraining = progress.Epoch == stopAfterEpoch;
        }

        public override void OnTrainEnd(TrainingProgress progress) => Heard.Add("train end");
    }
}

using FlatFuse.Autograd;
using FlatFuse.Layers;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Fitting;

public sealed class PredictTests
{
    [Fact]
    public void Many_threads_predict_the_same_bits_at_once()
    {
        Model model = FitModels.Fused();
        (Tensor[] x, _) = FitModels.FusedData(40);
        float[] expected = model.Predict(x, batchSize: 16).AsSpan().ToArray();
        var results = new float[24][];
        Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = 6 }, i => results[i] = model.Predict(x, batchSize: 16).AsSpan().ToArray());
        Assert.All(results, result => Assert.Equal(expected, result));
    }

    [Fact]
    public void A_result_belongs_to_the_caller()
    {
        Sequential model = FitModels.Line();
        Tensor<float> first = model.Predict(RandomSource.FromSeed(1).Normal(0, 1, 3, 4));
        float[] kept = first.AsSpan().ToArray();
        model.Predict(RandomSource.FromSeed(2).Normal(0, 1, 3, 4));
        Assert.Equal(kept, first.AsSpan().ToArray());
    }

    [Fact]
    public void Predicting_during_training_is_refused_except_by_a_callback()
    {
        Sequential model = FitModels.Line();
        model.Compile(new SGD(), Loss.MeanSquaredError);
        Tensor<float> x = Tensor.Zeros<float>(4, 4);
        var probe = new PredictingCallback(model, x);
        model.Fit(x, Tensor.Zeros<float>(4, 1), new FitOptions { Verbosity = Verbosity.Silent, Callbacks = [probe] });
        Assert.NotNull(probe.OwnResult);
        Assert.IsType<InvalidOperationException>(probe.OtherThread);
        Assert.Contains("being trained", probe.OtherThread!.Message);
    }

    [Fact]
    public void A_callback_may_evaluate_in_the_middle_of_an_epoch_and_not_train()
    {
        Sequential model = FitModels.Line(), undisturbed = FitModels.Line();
        Tensor<float> x = RandomSource.FromSeed(1).Normal(0, 1, 9, 4), y = RandomSource.FromSeed(2).Normal(0, 1, 9, 1);
        model.Compile(new SGD(), Loss.MeanSquaredError, [Metric.MeanAbsoluteError]);
        undisturbed.Compile(new SGD(), Loss.MeanSquaredError, [Metric.MeanAbsoluteError]);
        var probe = new EvaluatingCallback(model, x, y);
        History history = model.Fit(x, y, new FitOptions { BatchSize = 3, Verbosity = Verbosity.Silent, Callbacks = [probe] });
        Assert.Equal(undisturbed.Fit(x, y, FitModels.Silent(batchSize: 3))["mae"], history["mae"]);
        Assert.IsType<InvalidOperationException>(probe.Training);
    }

    [Fact]
    public void Training_a_model_keeps_predictions_of_the_models_around_it_out()
    {
        Sequential inner = FitModels.Line(), outer = new(Input.Of([4]), inner);
        inner.Compile(new SGD(), Loss.MeanSquaredError);
        Tensor<float> x = Tensor.Zeros<float>(4, 4);
        var probe = new PredictingCallback(outer, x);
        inner.Fit(x, Tensor.Zeros<float>(4, 1), new FitOptions { Verbosity = Verbosity.Silent, Callbacks = [probe] });
        Assert.NotNull(probe.OwnResult);
        Assert.IsType<InvalidOperationException>(probe.OtherThread);
    }

    [Fact]
    public void A_Compile_that_is_refused_leaves_the_model_as_it_was()
    {
        Sequential model = FitModels.Line();
        Assert.Throws<ArgumentException>(() => model.Compile(new SGD(), Loss.SparseCategoricalCrossentropy));
        Assert.False(model.IsCompiled);
        model.Compile(new SGD(), Loss.MeanSquaredError);
        Assert.Throws<ArgumentException>(() => model.Compile(new SGD(), Loss.SparseCategoricalCrossentropy));
        Assert.Single(model.Fit(Tensor.Zeros<float>(2, 4), Tensor.Zeros<float>(2, 1), FitModels.Silent()).Keys);
    }

    [Fact]
    public void Predictions_of_a_stateful_model_follow_each_other()
    {
        var model = new Sequential(Input.Of([3, 2], batchSize: 2), new LSTM(4) { Stateful = true });
        Tensor<float> x = RandomSource.FromSeed(3).Normal(0, 1, 2, 3, 2);
        float[] first = model.Predict(x).AsSpan().ToArray();
        Assert.NotEqual(first, model.Predict(x).AsSpan().ToArray());
        var others = new Exception?[8];
        Parallel.For(0, others.Length, i => others[i] = Record.Exception(() => model.Predict(x)));
        Assert.All(others.Where(other => other is not null), other => Assert.IsType<InvalidOperationException>(other));
    }

    [Fact]
    public void Predictions_from_before_Compile_follow_the_weights_that_it_moves()
    {
        // A convolution in groups cuts its kernel, a slice of a weight taken when the prediction was captured.
        var model = new Sequential(Input.Of([6, 4]), new Conv1D(4, 3) { Groups = 2 }, new Flatten(), new Dense(1));
        Tensor<float> x = RandomSource.FromSeed(4).Normal(0, 1, 3, 6, 4);
        model.Predict(x);
        model.Compile(new SGD(0.1), Loss.MeanSquaredError);
        model.Fit(x, Tensor.Zeros<float>(3, 1), FitModels.Silent());
        float[] cached = model.Predict(x).AsSpan().ToArray();
        Assert.Equal(model.Apply(new CallContext().Constant(x)).Value.AsSpan().ToArray(), cached);
    }

    [Fact]
    public void A_stateful_model_that_was_reset_begins_anew_for_every_batch_size_it_has_seen()
    {
        var model = new Sequential(Input.Of([3, 2]), new LSTM(4) { Stateful = true, ReturnSequences = true }, new GRU(3) { Stateful = true });
        Tensor<float> two = RandomSource.FromSeed(3).Normal(0, 1, 2, 3, 2), three = RandomSource.FromSeed(4).Normal(0, 1, 3, 3, 2);
        float[] first = Predict(two), others = Predict(three);
        for (int round = 0; round < 2; round++)
        {
            Assert.Equal(first, Predict(two));
            Assert.Equal(others, Predict(three));
        }
        model.ResetStates();
        model.Predict(two);
        Assert.Contains("2 samples", Assert.Throws<ArgumentException>(() => model.Predict(three)).Message);
        Assert.NotEqual(first, model.Predict(two).AsSpan().ToArray());

        float[] Predict(Tensor<float> x)
        {
            model.ResetStates();
            return model.Predict(x).AsSpan().ToArray();
        }
    }

    [Fact]
    public void Several_outputs_come_from_PredictMany()
    {
        var x = Input.Of([3]);
        var model = new Model(x, [new Dense(2) { Name = "a" }.Apply(x), new Dense(5) { Name = "b" }.Apply(x)]);
        IReadOnlyList<Tensor<float>> both = model.PredictMany(Tensor.Zeros<float>(4, 3));
        Assert.Equal([4, 2], both[0].Shape.ToArray());
        Assert.Equal([4, 5], both[1].Shape.ToArray());
        Assert.Contains("PredictMany", Assert.Throws<InvalidOperationException>(() => model.Predict(Tensor.Zeros<float>(4, 3))).Message);
    }

    [Fact]
    public void Batches_of_any_size_give_every_sample_its_row()
    {
        Model model = FitModels.Fused();
        (Tensor[] x, _) = FitModels.FusedData(13);
        Tensor<float> whole = model.Predict(x, batchSize: 13);
        Tensor<float> parts = model.Predict(x, batchSize: 5);
        // Bits may differ between batch sizes (another kernel path); 1e-6 is a few roundings of numbers below 1.
        Assert.Equal(whole.AsSpan().ToArray(), parts.AsSpan().ToArray(), (a, b) => MathF.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public void Views_and_other_element_types_are_read_as_they_are()
    {
        Sequential model = FitModels.Line();
        Tensor<double> wide = Tensor.Zeros<double>(4, 6);
        for (int i = 0; i < 24; i++)
            wide[i / 6, i % 6] = i * 0.25;
        Tensor<float> same = Tensor.Zeros<float>(4, 4);
        for (int i = 0; i < 16; i++)
            same[i / 4, i % 4] = (i / 4 * 6 + i % 4 + 1) * 0.25f;
        Assert.Equal(model.Predict(same).AsSpan().ToArray(), model.Predict(wide[.., 1..5]).AsSpan().ToArray());
    }

    private sealed class EvaluatingCallback(Model model, Tensor<float> x, Tensor<float> y) : Callback
    {
        public Exception? Training { get; private set; }

        public override void OnBatchEnd(TrainingProgress progress)
        {
            model.Evaluate(x, y);
            Training = Record.Exception(() => model.Fit(x, y));
        }
    }

    private sealed class PredictingCallback(Model model, Tensor<float> x) : Callback
    {
        public Tensor<float>? OwnResult { get; private set; }

        public Exception? OtherThread { get; private set; }

        public override void OnBatchEnd(TrainingProgress progress)
        {
            OwnResult = model.Predict(x);
            var thread = new Thread(() => OtherThread = Record.Exception(() => model.Predict(x)));
            thread.Start();
            thread.Join();
        }
    }
}

using System.Runtime.CompilerServices;
using FlatFuse.Layers;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Fitting;

public sealed class StreamTests
{
    [Fact]
    public async Task A_stream_trains_to_the_same_bits_as_the_arrays_it_is_cut_from()
    {
        (Tensor[] x, Tensor<float> y) = FitModels.FusedData(40);
        Model arrays = Compiled(), plain = Compiled(), waited = Compiled();
        History expected = arrays.Fit(x, y, FitModels.Silent(epochs: 3, batchSize: 16, shuffle: false));
        History history = plain.Fit(Cut(x, y, 16), FitModels.Silent(epochs: 3));
        await waited.FitAsync(Wait(Cut(x, y, 16)), FitModels.Silent(epochs: 3));
        Assert.Equal(expected["loss"], history["loss"]);
        Assert.Equal(expected["accuracy"], history["accuracy"]);
        Assert.Equal(FitModels.Bits(arrays), FitModels.Bits(plain));
        Assert.Equal(FitModels.Bits(arrays), FitModels.Bits(waited));
    }

    [Fact]
    public async Task Evaluation_and_prediction_read_streams_too()
    {
        (Tensor[] x, Tensor<float> y) = FitModels.FusedData(20);
        Model model = Compiled();
        Evaluation expected = model.Evaluate(x, y, batchSize: 8);
        Assert.Equal(expected.ToString(), model.Evaluate(Cut(x, y, 8)).ToString());
        Assert.Equal(expected.ToString(), (await model.EvaluateAsync(Wait(Cut(x, y, 8)))).ToString());
        float[] predicted = [.. model.Predict(Cut(x, y, 8)).SelectMany(batch => batch.AsSpan().ToArray())];
        Assert.Equal(model.Predict(x, batchSize: 8).AsSpan().ToArray(), predicted);
        var waited = new List<float>();
        await foreach (Tensor<float> batch in model.PredictAsync(Wait(Cut(x, y, 8))))
            waited.AddRange(batch.AsSpan());
        Assert.Equal(predicted, waited);
    }

    [Fact]
    public void A_bad_batch_is_refused_before_its_update_and_after_those_before_it()
    {
        (Tensor[] x, Tensor<float> y) = FitModels.FusedData(32);
        Model model = Compiled(), good = Compiled();
        good.Fit(Cut(x, y, 16).Take(1), FitModels.Silent());
        Batch bad = new([Tensor.From(new[,] { { 1, 2, 3, 4, 5, 6, 99 } }), x[1], x[2]], y);
        var error = Assert.Throws<ArgumentException>(() => model.Fit([Cut(x, y, 16).First(), bad with { X = [bad.X[0], ((Tensor<float>)x[1])[..1], ((Tensor<float>)x[2])[..1]], Y = [y[..1]] }], FitModels.Silent()));
        Assert.Contains("id 99", error.Message);
        Assert.Equal(FitModels.Bits(good), FitModels.Bits(model));
    }

    [Fact]
    public void An_endless_stream_is_cut_into_epochs()
    {
        (Tensor[] x, Tensor<float> y) = FitModels.FusedData(40);
        int read = 0;
        IEnumerable<Batch> Endless()
        {
            while (true)
            {
                foreach (Batch batch in Cut(x, y, 8))
                {
                    read++;
                    yield return batch;
                }
            }
        }

        History history = Compiled().Fit(Endless(), new FitOptions { Epochs = 3, StepsPerEpoch = 4, Verbosity = Verbosity.Silent, ValidationBatches = Cut(x, y, 8) });
        Assert.Equal(3, history.Epochs);
        Assert.Equal(12, read);
        Assert.True(history.Contains("val_loss"));
    }

    [Fact]
    public void A_stream_that_ends_within_an_epoch_of_counted_steps_begins_anew()
    {
        (Tensor[] x, Tensor<float> y) = FitModels.FusedData(24);
        Model counted = Compiled(), whole = Compiled();
        counted.Fit(Cut(x, y, 8), new FitOptions { Epochs = 1, StepsPerEpoch = 6, Verbosity = Verbosity.Silent });
        whole.Fit(Cut(x, y, 8), FitModels.Silent(epochs: 2));
        Assert.Equal(FitModels.Bits(whole), FitModels.Bits(counted));
    }

    [Fact]
    public void What_a_stream_cannot_give_is_refused()
    {
        (Tensor[] x, Tensor<float> y) = FitModels.FusedData(8);
        Model model = Compiled();
        Assert.Contains("no batch", Assert.Throws<ArgumentException>(() => model.Fit([], FitModels.Silent())).Message);
        Assert.Contains("ValidationBatches", Assert.Throws<ArgumentException>(() => model.Fit(Cut(x, y, 8), new FitOptions { ValidationSplit = 0.5 })).Message);
        Assert.Contains("StepsPerEpoch", Assert.Throws<ArgumentException>(() => model.Fit(x, y, new FitOptions { StepsPerEpoch = 1 })).Message);
    }

    [Fact]
    public void A_model_without_a_known_input_learns_it_from_the_first_batch_and_loses_none()
    {
        Tensor<float> x = RandomSource.FromSeed(1).Normal(0, 1, 6, 4), y = RandomSource.FromSeed(2).Normal(0, 1, 6, 1);
        var late = new Sequential(new Dense(1));
        late.Compile(new SGD(), Loss.MeanSquaredError);
        int read = 0;
        IEnumerable<Batch> Once()
        {
            read++;
            yield return new Batch(x, y);
        }

        late.Fit(Once(), FitModels.Silent());
        Sequential early = FitModels.Line();
        early.Compile(new SGD(), Loss.MeanSquaredError);
        early.Fit(x, y, FitModels.Silent(shuffle: false));
        Assert.Equal(1, read);
        Assert.Equal(FitModels.Bits(early), FitModels.Bits(late));
    }

    [Fact]
    public void Batches_of_ever_new_lengths_do_not_keep_a_plan_each()
    {
        var input = Input.Of([null, 2]);
        var model = new Model(input, new Dense(1).Apply(new LSTM(3).Apply(input)));
        model.Compile(new SGD(), Loss.MeanSquaredError);
        IEnumerable<Batch> Growing()
        {
            for (int length = 1; length <= 40; length++)
                yield return new Batch(RandomSource.FromSeed(length).Normal(0, 1, 2, length, 2), Tensor.Zeros<float>(2, 1));
        }

        History first = model.Fit(Growing(), FitModels.Silent(epochs: 2));
        var again = new Model(input, model.Output);
        Assert.True(double.IsFinite(first["loss"][1]));
        Assert.Equal(model.Predict(RandomSource.FromSeed(5).Normal(0, 1, 2, 7, 2)).AsSpan().ToArray(), again.Predict(RandomSource.FromSeed(5).Normal(0, 1, 2, 7, 2)).AsSpan().ToArray());
    }

    [Fact]
    public void Weights_of_samples_travel_in_the_batch()
    {
        Tensor<float> x = RandomSource.FromSeed(1).Normal(0, 1, 8, 4), y = RandomSource.FromSeed(2).Normal(0, 1, 8, 1), w = RandomSource.FromSeed(3).Uniform(0, 1, 8);
        Sequential stream = FitModels.Line(), arrays = FitModels.Line();
        stream.Compile(new SGD(), Loss.MeanSquaredError);
        arrays.Compile(new SGD(), Loss.MeanSquaredError);
        stream.Fit([new Batch(x, y, w)], FitModels.Silent());
        arrays.Fit(x, y, new FitOptions { SampleWeight = w, Shuffle = false, Verbosity = Verbosity.Silent });
        Assert.Equal(FitModels.Bits(arrays), FitModels.Bits(stream));
    }

    private static Model Compiled()
    {
        Model model = FitModels.Fused();
        FitModels.Compile(model);
        return model;
    }

    private static IEnumerable<Batch> Cut(Tensor[] x, Tensor<float> y, int size)
    {
        for (int start = 0; start < y.Shape[0]; start += size)
        {
            Range rows = start..Math.Min(start + size, y.Shape[0]);
            yield return new Batch([((Tensor<int>)x[0])[rows], ((Tensor<float>)x[1])[rows], ((Tensor<float>)x[2])[rows]], y[rows]);
        }
    }

    private static async IAsyncEnumerable<Batch> Wait(IEnumerable<Batch> batches, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (Batch batch in batches)
        {
            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
            yield return batch;
        }
    }
}

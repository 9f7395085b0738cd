using FlatFuse.Layers;
using FlatFuse.Models;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Benchmarks;

/// <summary>The rows of the peers' tables.</summary>
internal static class SeedModels
{
    private const int Vocabulary = 37_252;

    private static readonly RandomSource Random = RandomSource.FromSeed(7);

    public static IReadOnlyList<SeedModel> All { get; } =
    [
        new("S0E1", "S0.1 LSTM + Conv1D", S01, () => new Adam(), Loss.BinaryCrossentropy, n => [Normal(n, 50, 128), Normal(n, 100, 64)], Binary, 60),
        new("S0E2", "S0.2 LSTM + LSTM", S02, () => new Adam(), Loss.CategoricalCrossentropy, n => [Normal(n, 30, 64), Normal(n, 70, 32)], n => OneHot(n, 10), 100),
        new("S0E3", "S0.3 Conv1D, Conv1D", S03, () => new Adam(), Loss.MeanSquaredError, n => [Normal(n, 150, 10)], n => Normal(n, 5), 200),
        new("S1E1", "S1.1 series + features", S11, () => new Adam(), Loss.BinaryCrossentropy, n => [Normal(n, 10, 1), Normal(n, 5)], Binary, 1000),
        new("S1E2", "S1.2 states + features", S12, () => new Adam(), Loss.SparseCategoricalCrossentropy, n => [Normal(n, 20, 3), Normal(n, 10)], n => Random.Integers(0, 5, n, 1), 500),
        new("S1E3", "S1.3 LSTM + Dense, added", S13, () => new Adam(), Loss.BinaryCrossentropy, n => [Normal(n, 10, 1), Normal(n, 5)], Binary, 1000),
        new("S2", "S2.1 Dense, Flatten, Dense", S21, () => new SGD(), Loss.MeanSquaredError, n => [Normal(n, 3, 2)], n => Normal(n, 4), 2000),
        new("S3F", "S3 flattened", t => S3(t, flattened: true), () => new Adam(), Loss.BinaryCrossentropy, n => [Random.Integers(0, Vocabulary, n, 500)], Binary, 12),
        new("S3L", "S3 last state", t => S3(t, flattened: false), () => new Adam(), Loss.BinaryCrossentropy, n => [Random.Integers(0, Vocabulary, n, 500)], Binary, 12),
        new("S4E1", "S4.1 nested CNN + LSTM", S41, () => new Adam(), Loss.BinaryCrossentropy, n => [Normal(n, 100, 50)], Binary, 200),
        new("S4E2", "S4.2 nested Dense", S42, () => new Adam(), Loss.BinaryCrossentropy, n => [Normal(n, 10)], Binary, 2000),
        new("MLP", "MLP 784-128-10", Mlp, () => new Adam(), Loss.SparseCategoricalCrossentropy, n => [Normal(n, 784)], n => Random.Integers(0, 10, n, 1), 500),
    ];

    private static Tensor<float> Normal(int samples, params ReadOnlySpan<int> shape) => Random.Normal(0, 1, [samples, .. shape]);

    private static Tensor Binary(int samples) => Random.Integers(0, 2, samples, 1);

    private static Tensor OneHot(int samples, int classes) => Models.Data.Preprocessing.ToCategorical(Random.Integers(0, classes, samples).AsSpan(), classes);

    private static Model S01(int threads)
    {
        var text = Input.Of([50, 128]);
        var behavior = Input.Of([100, 64]);
        var convolved = new Flatten().Apply(new Conv1D(64, kernelSize: 3) { Activation = Activation.ReLU }.Apply(behavior));
        return Sigmoid([text, behavior], new Concatenate().Apply(new LSTM(100).Apply(text), convolved), threads);
    }

    private static Model S02(int threads)
    {
        var a = Input.Of([30, 64]);
        var b = Input.Of([70, 32]);
        var fused = new Concatenate().Apply(new LSTM(60).Apply(a), new LSTM(40).Apply(b));
        return new Model([a, b], new Dense(10, Activation.Softmax).Apply(fused)) { Threads = threads };
    }

    private static Model S03(int threads) => new Sequential(
        Input.Of([150, 10]),
        new Conv1D(32, kernelSize: 5) { Activation = Activation.ReLU },
        new Conv1D(64, kernelSize: 3) { Activation = Activation.ReLU },
        new Flatten(),
        new Dense(5, Activation.ReLU))
    { Threads = threads };

    private static Model S11(int threads)
    {
        var series = Input.Of([10, 1]);
        var features = Input.Of([5]);
        var today = new Dense(8, Activation.ReLU).Apply(new Dense(16, Activation.ReLU).Apply(features));
        return Sigmoid([series, features], new Concatenate().Apply(new LSTM(32).Apply(series), today), threads);
    }

    private static Model S12(int threads)
    {
        var series = Input.Of([20, 3]);
        var features = Input.Of([10]);
        var states = new Reshape([1280]).Apply(new LSTM(64) { ReturnSequences = true }.Apply(series));
        var today = new Dense(16, Activation.ReLU).Apply(new Dense(32, Activation.ReLU).Apply(features));
        return new Model([series, features], new Dense(5, Activation.Softmax).Apply(new Concatenate().Apply(states, today))) { Threads = threads };
    }

    private static Model S13(int threads)
    {
        var series = Input.Of([10, 1]);
        var features = Input.Of([5]);
        return Sigmoid([series, features], new Add().Apply(new LSTM(32).Apply(series), new Dense(32, Activation.ReLU).Apply(features)), threads);
    }

    private static Model S21(int threads) => new Sequential(
        Input.Of([3, 2]), new Dense(16, Activation.ReLU), new Flatten(), new Dense(4))
    { Threads = threads };

    private static Model S3(int threads, bool flattened)
    {
        Layer[] layers =
        [
            Input.Of([500], dtype: DType.Int32),
            new Embedding(Vocabulary, 128),
            new LSTM(128) { ReturnSequences = flattened, Dropout = 0.2 },
            .. flattened ? (Layer[])[new Flatten()] : [],
            new Dense(1, Activation.Sigmoid),
        ];
        return new Sequential(layers) { Threads = threads };
    }

    private static Model S41(int threads)
    {
        var features = new Sequential(
            Input.Of([100, 50]), new Conv1D(32, kernelSize: 3) { Activation = Activation.ReLU }, new MaxPooling1D(2), new Flatten());
        return new Sequential(features, new Reshape([1, 1568]), new LSTM(64), new Dense(1, Activation.Sigmoid)) { Threads = threads };
    }

    private static Model S42(int threads)
    {
        var first = new Sequential(Input.Of([10]), new Dense(64, Activation.ReLU), new Dense(32, Activation.ReLU));
        var second = new Sequential(Input.Of([32]), new Dense(16, Activation.ReLU), new Dense(1, Activation.Sigmoid));
        return new Sequential(first, second) { Threads = threads };
    }

    private static Model Mlp(int threads) => new Sequential(
        Input.Of([784]), new Dense(128, Activation.ReLU), new Dense(10, Activation.Softmax))
    { Threads = threads };

    private static Model Sigmoid(IReadOnlyList<SymbolicTensor> inputs, SymbolicTensor fused, int threads)
        => new(inputs, new Dense(1, Activation.Sigmoid).Apply(fused)) { Threads = threads };
}

using FlatFuse.Layers;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Fitting;

/// <summary>A seed system of DESIGN.md with random data of its shapes.</summary>
internal sealed record SeedRow(
    string Name, Func<Model> Build, Optimizer Optimizer, Loss Loss, Func<int, IReadOnlyList<Tensor>> Inputs, Func<int, Tensor> Targets)
{
    private const int Vocabulary = 37_252;

    private static readonly RandomSource Random = RandomSource.FromSeed(7);

    public static IReadOnlyList<SeedRow> All { get; } =
    [
        new("S0.1", S01, new Adam(), Loss.BinaryCrossentropy, n => [Normal(n, 50, 128), Normal(n, 100, 64)], Binary),
        new("S0.2", S02, new Adam(), Loss.CategoricalCrossentropy, n => [Normal(n, 30, 64), Normal(n, 70, 32)], n => OneHot(n, 10)),
        new("S0.3", S03, new SGD(), Loss.MeanSquaredError, n => [Normal(n, 150, 10)], n => Normal(n, 5)),
        new("S1.1", S11, new Adam(), Loss.BinaryCrossentropy, n => [Normal(n, 10, 1), Normal(n, 5)], Binary),
        new("S1.2", S12, new Adam(), Loss.SparseCategoricalCrossentropy, n => [Normal(n, 20, 3), Normal(n, 10)], n => Random.Integers(0, 5, n, 1)),
        new("S1.3", S13, new Adam(), Loss.BinaryCrossentropy, n => [Normal(n, 10, 1), Normal(n, 5)], Binary),
        new("S2.1", S21, new SGD(), Loss.MeanSquaredError, n => [Normal(n, 3, 2)], n => Normal(n, 4)),
        new("S3 flattened", () => S3(flattened: true), new Adam(), Loss.BinaryCrossentropy, n => [Random.Integers(0, Vocabulary, n, 500)], Binary),
        new("S3 last state", () => S3(flattened: false), new Adam(), Loss.BinaryCrossentropy, n => [Random.Integers(0, Vocabulary, n, 500)], Binary),
        new("S4.1", S41, new Adam(), Loss.BinaryCrossentropy, n => [Normal(n, 100, 50)], Binary),
        new("S4.2", S42, new Adam(), Loss.BinaryCrossentropy, n => [Normal(n, 10)], Binary),
        new("MLP 784-128-10", Mlp, new Adam(), Loss.SparseCategoricalCrossentropy, n => [Normal(n, 784)], n => Random.Integers(0, 10, n, 1)),
    ];

    public static SeedRow Of(string name) => All.Single(row => row.Name == name);

    private static Tensor<float> Normal(int samples, params ReadOnlySpan<int> shape) => Random.Normal(0, 1, [samples, .. shape]);

    private static Tensor Binary(int samples) => Random.Integers(0, 2, samples, 1);

    private static Tensor OneHot(int samples, int classes) => Models.Data.Preprocessing.ToCategorical(Random.Integers(0, classes, samples).AsSpan(), classes);

    private static Model S01()
    {
        var text = Input.Of([50, 128]);
        var behavior = Input.Of([100, 64]);
        var convolved = new Flatten().Apply(new Conv1D(64, kernelSize: 3) { Activation = Activation.ReLU }.Apply(behavior));
        return Sigmoid([text, behavior], new Concatenate().Apply(new LSTM(100).Apply(text), convolved));
    }

    private static Model S02()
    {
        var a = Input.Of([30, 64]);
        var b = Input.Of([70, 32]);
        var fused = new Concatenate().Apply(new LSTM(60).Apply(a), new LSTM(40).Apply(b));
        return new Model([a, b], new Dense(10, Activation.Softmax).Apply(fused));
    }

    private static Model S03() => new Sequential(
        Input.Of([150, 10]),
        new Conv1D(32, kernelSize: 5) { Activation = Activation.ReLU },
        new Conv1D(64, kernelSize: 3) { Activation = Activation.ReLU },
        new Flatten(),
        new Dense(5, Activation.ReLU))
   ;

    private static Model S11()
    {
        var series = Input.Of([10, 1]);
        var features = Input.Of([5]);
        var today = new Dense(8, Activation.ReLU).Apply(new Dense(16, Activation.ReLU).Apply(features));
        return Sigmoid([series, features], new Concatenate().Apply(new LSTM(32).Apply(series), today));
    }

    private static Model S12()
    {
        var series = Input.Of([20, 3]);
        var features = Input.Of([10]);
        var states = new Reshape([1280]).Apply(new LSTM(64) { ReturnSequences = true }.Apply(series));
        var today = new Dense(16, Activation.ReLU).Apply(new Dense(32, Activation.ReLU).Apply(features));
        return new Model([series, features], new Dense(5, Activation.Softmax).Apply(new Concatenate().Apply(states, today)));
    }

    private static Model S13()
    {
        var series = Input.Of([10, 1]);
        var features = Input.Of([5]);
        return Sigmoid([series, features], new Add().Apply(new LSTM(32).Apply(series), new Dense(32, Activation.ReLU).Apply(features)));
    }

    private static Model S21() => new Sequential(
        Input.Of([3, 2]), new Dense(16, Activation.ReLU), new Flatten(), new Dense(4))
   ;

    private static Model S3(bool flattened)
    {
        Layer[] layers =
        [
            Input.Of([500], dtype: DType.Int32),
            new Embedding(Vocabulary, 128),
            new LSTM(128) { ReturnSequences = flattened },
            .. flattened ? (Layer[])[new Flatten()] : [],
            new Dense(1, Activation.Sigmoid),
        ];
        return new Sequential(layers);
    }

    private static Model S41()
    {
        var features = new Sequential(
            Input.Of([100, 50]), new Conv1D(32, kernelSize: 3) { Activation = Activation.ReLU }, new MaxPooling1D(2), new Flatten());
        return new Sequential(features, new Reshape([1, 1568]), new LSTM(64), new Dense(1, Activation.Sigmoid));
    }

    private static Model S42()
    {
        var first = new Sequential(Input.Of([10]), new Dense(64, Activation.ReLU), new Dense(32, Activation.ReLU));
        var second = new Sequential(Input.Of([32]), new Dense(16, Activation.ReLU), new Dense(1, Activation.Sigmoid));
        return new Sequential(first, second);
    }

    private static Model Mlp() => new Sequential(
        Input.Of([784]), new Dense(128, Activation.ReLU), new Dense(10, Activation.Softmax))
   ;

    private static Model Sigmoid(IReadOnlyList<SymbolicTensor> inputs, SymbolicTensor fused)
        => new(inputs, new Dense(1, Activation.Sigmoid).Apply(fused));
}

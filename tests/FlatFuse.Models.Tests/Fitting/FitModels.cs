using FlatFuse.Layers;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Models.Tests.Fitting;

/// <summary>Small models and data that several tests share.</summary>
internal static class FitModels
{
    /// <summary>S0.1 of DESIGN: LSTM(100) on (50, 128), Conv1D(64, 3) on (100, 64), fused.</summary>
    public static Model S01(int? threads = null)
    {
        var text = Input.Of([50, 128], name: "text_input");
        var behavior = Input.Of([100, 64], name: "behavioral_input");
        var a = new Flatten().Apply(new LSTM(100).Apply(text));
        var b = new Flatten().Apply(new Conv1D(64, kernelSize: 3) { Activation = Activation.ReLU }.Apply(behavior));
        var score = new Dense(1, Activation.Sigmoid).Apply(new Concatenate().Apply(a, b));
        return new Model([text, behavior], score) { Threads = threads };
    }

    /// <summary>Every kind of branch in small: ids, a signal with dropout, facts.</summary>
    public static Model Fused(int? threads = null, bool poison = false, Layer? extra = null)
    {
        var ids = Input.Of([7], name: "ids", dtype: DType.Int32);
        var signal = Input.Of([12, 3], name: "signal");
        var facts = Input.Of([4], name: "facts");
        var read = new LSTM(5).Apply(new Embedding(20, 6) { MaskZero = true }.Apply(ids));
        var shape = new Flatten().Apply(new MaxPooling1D(2).Apply(new Conv1D(4, kernelSize: 3) { Activation = Activation.ReLU }.Apply(signal)));
        var known = new Dropout(0.25).Apply(new Dense(6, Activation.Tanh).Apply(facts));
        var fused = new Concatenate().Apply(read, shape, known);
        if (extra is not null)
            fused = extra.Apply(fused);
        return new Model([ids, signal, facts], new Dense(1, Activation.Sigmoid) { Name = "score" }.Apply(fused)) { Threads = threads, PoisonsMemory = poison };
    }

    public static (Tensor[] X, Tensor<float> Y) FusedData(int samples, long seed = 1)
    {
        RandomSource random = RandomSource.FromSeed(seed);
        Tensor<float> y = Tensor.Zeros<float>(samples, 1);
        for (int i = 0; i < samples; i++)
            y[i, 0] = i % 2;
        return ([random.Derive("ids").Integers(0, 20, samples, 7), random.Derive("signal").Normal(0, 1, samples, 12, 3), random.Derive("facts").Normal(0, 1, samples, 4)], y);
    }

    /// <summary>One Dense layer on four features.</summary>
    public static Sequential Line(int units = 1) => new(Input.Of([4]), new Dense(units));

    public static void Compile(Model model) => model.Compile(new Adam(0.01), Loss.BinaryCrossentropy, [Metric.Accuracy]);

    public static FitOptions Silent(int epochs = 1, int batchSize = 32, bool shuffle = true)
        => new() { Epochs = epochs, BatchSize = batchSize, Shuffle = shuffle, Verbosity = Verbosity.Silent };

    /// <summary>All weights, one after the other, as bits.</summary>
    public static int[] Bits(Model model)
        => [.. model.Weights.SelectMany(weight => weight.Parameter.Value.AsSpan().ToArray()).Select(BitConverter.SingleToInt32Bits)];
}

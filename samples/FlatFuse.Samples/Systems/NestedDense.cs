using FlatFuse.Layers;
using FlatFuse.Models;
using FlatFuse.Samples.Data;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Samples.Systems;

/// <summary>S4.2: Dense stacks inside a Dense stack; the outer model reads the inner model's output shape. Does it rain tomorrow?</summary>
internal static class NestedDense
{
    public static Sequential Build()
    {
        var first = new Sequential(
            Input.Of([20]),
            new Dense(64, Activation.ReLU),
            new Dense(32, Activation.ReLU))
        { Name = "block1" };
        int width = first.OutputShape[-1]!.Value;
        var second = new Sequential(
            Input.Of([width]),
            new Dense(16, Activation.ReLU),
            new Dense(1, Activation.Sigmoid))
        { Name = "block2" };
        return new Sequential(Input.Of([20]), first, second);
    }

    public static void Run(SampleOptions options)
    {
        WeatherSamples weather = WeatherRecord.Load().Samples(steps: 10, features: 2, facts: 1);
        if (options.Quick)
            weather = weather.Take(300);
        options.Output.WriteLine("Input: precipitation and highest temperature of the last 10 days, flattened to 20. Target: rain tomorrow.");
        Tensor<float> x = weather.Sequence.Reshape(-1, 20);
        Sequential model = Build();
        model.Summary(options.Output, expandNested: true);
        model.Compile(new Adam(), Loss.BinaryCrossentropy, [Metric.Accuracy]);
        model.Fit(x, weather.RainTomorrow, options.Fit(ownEpochs: 10, validationSplit: 0.2));
    }
}

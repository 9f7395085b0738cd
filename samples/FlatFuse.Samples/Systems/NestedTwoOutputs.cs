using FlatFuse.Layers;
using FlatFuse.Models;
using FlatFuse.Samples.Data;
using FlatFuse.Tensors;
using FlatFuse.Training;

namespace FlatFuse.Samples.Systems;

/// <summary>S4.3: an inner model with outputs 32 and 16 inside an outer model with two inputs. Does it rain tomorrow?</summary>
internal static class NestedTwoOutputs
{
    /// <param name="repaired">False for the published program, which uses the inner model's own tensors: its input is then missing.</param>
    public static Model Build(bool repaired = true)
    {
        var innerInput = Input.Of([10], name: "inner_input");
        var wide = new Dense(32, Activation.ReLU) { Name = "inner_dense1" }.Apply(innerInput);
        var narrow = new Dense(16, Activation.ReLU) { Name = "inner_dense2" }.Apply(wide);
        var inner = new Model(innerInput, [wide, narrow], name: "inner");

        var first = Input.Of([10], name: "outer_input1");
        var second = Input.Of([5], name: "outer_input2");
        IReadOnlyList<SymbolicTensor> features = repaired ? inner.ApplyMany(first) : inner.Outputs;
        var side = new Dense(8, Activation.ReLU) { Name = "side_dense" }.Apply(second);
        var fused = new Concatenate().Apply(features[0], features[1], side);
        return new Model([first, second], new Dense(1, Activation.Sigmoid) { Name = "output" }.Apply(fused));
    }

    public static void Run(SampleOptions options)
    {
        Refusal.Show(options.Output, "As published, with the inner model's own tensors", () => Build(repaired: false));
        WeatherSamples weather = WeatherRecord.Load().Samples(steps: 10, features: 1, facts: 5);
        if (options.Quick)
            weather = weather.Take(300);
        options.Output.WriteLine("Inputs: the precipitation of the last 10 days, five facts of today. Target: rain tomorrow.");
        Model model = Build();
        model.Summary(options.Output, expandNested: true);
        model.Compile(new Adam(), Loss.BinaryCrossentropy, [Metric.Accuracy]);
        model.Fit([weather.Sequence.Reshape(-1, 10), weather.Facts], weather.RainTomorrow, options.Fit(ownEpochs: 10, validationSplit: 0.2));
    }
}

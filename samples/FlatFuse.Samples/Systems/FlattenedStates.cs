using FlatFuse.Layers;
using FlatFuse.Models;
using FlatFuse.Samples.Data;
using FlatFuse.Training;

namespace FlatFuse.Samples.Systems;

/// <summary>S1.2: all states of an LSTM, flattened to 1,280, beside static features: which weather comes tomorrow?</summary>
internal static class FlattenedStates
{
    /// <param name="flattened">The target shape of the Reshape: [1280]; as published it was [-1, 1280], which does not fit.</param>
    public static Model Build(params int[] flattened)
    {
        var series = Input.Of([20, 3], name: "time_series");
        var features = Input.Of([10], name: "features");
        var states = new Reshape(flattened.Length > 0 ? flattened : [1280]).Apply(new LSTM(64) { ReturnSequences = true }.Apply(series));
        var today = new Dense(16, Activation.ReLU).Apply(new Dense(32, Activation.ReLU).Apply(features));
        var tomorrow = new Dense(5, Activation.Softmax) { Name = "output" }.Apply(new Concatenate().Apply(states, today));
        return new Model([series, features], tomorrow);
    }

    public static void Run(SampleOptions options)
    {
        Refusal.Show(options.Output, "As published, with Reshape([-1, 1280])", () => Build(-1, 1280));
        WeatherSamples weather = WeatherRecord.Load().Samples(steps: 20, features: 3, facts: 10).Take(100);
        options.Output.WriteLine("Inputs: precipitation and temperatures of the last 20 days, ten facts of today; 100 samples. Target: tomorrow's weather: " + string.Join(", ", WeatherRecord.Classes) + ".");
        Model model = Build();
        model.Summary(options.Output);
        model.Compile(new Adam(), Loss.SparseCategoricalCrossentropy, [Metric.Accuracy]);
        model.Fit([weather.Sequence, weather.Facts], weather.Tomorrow, options.Fit(ownEpochs: 10));
    }
}

using FlatFuse.Layers;
using FlatFuse.Models;
using FlatFuse.Samples.Data;
using FlatFuse.Training;

namespace FlatFuse.Samples.Systems;

/// <summary>S1.1: a time series and static features, fused: does it rain tomorrow?</summary>
internal static class SeriesAndFeatures
{
    public static Model Build()
    {
        var series = Input.Of([10, 1], name: "time_series");
        var features = Input.Of([5], name: "features");
        var past = new LSTM(32).Apply(series);
        var today = new Dense(8, Activation.ReLU).Apply(new Dense(16, Activation.ReLU).Apply(features));
        var rain = new Dense(1, Activation.Sigmoid) { Name = "output" }.Apply(new Concatenate().Apply(past, today));
        return new Model([series, features], rain);
    }

    public static void Run(SampleOptions options)
    {
        WeatherSamples weather = WeatherRecord.Load().Samples(steps: 10, features: 1, facts: 5);
        if (options.Quick)
            weather = weather.Take(300);
        options.Output.WriteLine("Inputs: the precipitation of the last 10 days in Seattle; today's precipitation, temperatures, wind and season. Target: rain tomorrow.");
        Model model = Build();
        model.Summary(options.Output);
        model.Compile(new Adam(), Loss.BinaryCrossentropy, [Metric.Accuracy]);
        model.Fit([weather.Sequence, weather.Facts], weather.RainTomorrow, options.Fit(ownEpochs: 10, validationSplit: 0.2));
    }
}

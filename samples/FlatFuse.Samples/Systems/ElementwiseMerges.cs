using FlatFuse.Layers;
using FlatFuse.Models;
using FlatFuse.Samples.Data;
using FlatFuse.Training;

namespace FlatFuse.Samples.Systems;

/// <summary>S1.3: two branches of one width, merged element by element in four ways: does it rain tomorrow?</summary>
internal static class ElementwiseMerges
{
    /// <param name="merge">The merging layer; Add when null.</param>
    public static Model Build(Layer? merge = null)
    {
        var series = Input.Of([10, 1], name: "time_series");
        var features = Input.Of([5], name: "features");
        var past = new LSTM(32).Apply(series);
        var today = new Dense(32, Activation.ReLU).Apply(features);
        var rain = new Dense(1, Activation.Sigmoid) { Name = "output" }.Apply((merge ?? new Add()).Apply(past, today));
        return new Model([series, features], rain);
    }

    public static void Run(SampleOptions options)
    {
        WeatherSamples weather = WeatherRecord.Load().Samples(steps: 10, features: 1, facts: 5);
        if (options.Quick)
            weather = weather.Take(300);
        options.Output.WriteLine("Inputs: the precipitation of the last 10 days; five facts of today. Target: rain tomorrow.");
        Build().Summary(options.Output);
        foreach (Layer merge in (Layer[])[new Add(), new Average(), new Multiply(), new Maximum()])
        {
            options.Output.WriteLine($"Merged by {merge.ClassName}:");
            Model model = Build(merge);
            model.Compile(new Adam(), Loss.BinaryCrossentropy, [Metric.Accuracy]);
            model.Fit([weather.Sequence, weather.Facts], weather.RainTomorrow, options.Fit(ownEpochs: 5, validationSplit: 0.2));
        }
    }
}

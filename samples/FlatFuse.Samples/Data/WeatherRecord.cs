using System.Globalization;
using FlatFuse.Models.Data;
using FlatFuse.Tensors;

namespace FlatFuse.Samples.Data;

/// <summary>Seattle's weather, 2012–2015, a row a day (data/README.md), cut into samples: the days before, the day's facts, tomorrow.</summary>
internal sealed class WeatherRecord
{
    /// <summary>The classes of a day, in the order of their numbers.</summary>
    public static readonly string[] Classes = ["drizzle", "rain", "sun", "snow", "fog"];

    private readonly int[] _classes;

    private WeatherRecord(Tensor<float> measures, Tensor<float> facts, int[] classes)
    {
        Measures = measures;
        Facts = facts;
        _classes = classes;
    }

    /// <summary>(days, 4), scaled: precipitation, highest and lowest temperature, wind.</summary>
    public Tensor<float> Measures { get; }

    /// <summary>(days, 10), scaled: the four measures, season (sine, cosine), range and mean of the temperature, wet or dry, frost or not.</summary>
    public Tensor<float> Facts { get; }

    public static WeatherRecord Load()
    {
        string[] lines = File.ReadAllLines(DataFiles.PathOf("seattle-weather.csv"))[1..];
        Tensor<float> measures = Tensor.Zeros<float>(lines.Length, 4);
        Tensor<float> facts = Tensor.Zeros<float>(lines.Length, 10);
        var classes = new int[lines.Length];
        for (int day = 0; day < lines.Length; day++)
        {
            string[] fields = lines[day].Split(',');
            for (int i = 0; i < 4; i++)
                measures[day, i] = float.Parse(fields[i + 1], CultureInfo.InvariantCulture);
            classes[day] = Array.IndexOf(Classes, fields[5]);
            double season = 2 * Math.PI * DateTime.Parse(fields[0], CultureInfo.InvariantCulture).DayOfYear / 365.25;
            float high = measures[day, 1], low = measures[day, 2];
            float[] row = [measures[day, 0], high, low, measures[day, 3], (float)Math.Sin(season), (float)Math.Cos(season), high - low, (high + low) / 2, measures[day, 0] > 0 ? 1 : 0, low < 0 ? 1 : 0];
            row.CopyTo(facts.AsSpan()[(day * 10)..]);
        }
        return new WeatherRecord(FeatureScaler.Standard(measures).Transform(measures), FeatureScaler.Standard(facts).Transform(facts), classes);
    }

    /// <summary>Samples of <paramref name="steps"/> days each: the last <paramref name="features"/> measures of every day, the last day's facts, and tomorrow's class.</summary>
    public WeatherSamples Samples(int steps, int features, int facts)
    {
        Tensor<float> windows = Preprocessing.TimeSeriesWindows(Measures[..^1, ..features].Clone(), steps);
        Tensor<float> today = Facts[(steps - 1)..^1, ..facts].Clone();
        int[] tomorrow = _classes[steps..];
        return new WeatherSamples(windows, today, Tensor.From(tomorrow), Tensor.From([.. tomorrow.Select(kind => Classes[kind] == "rain" ? 1f : 0f)]).Reshape(-1, 1));
    }
}

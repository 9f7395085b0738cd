using FlatFuse.Tensors;

namespace FlatFuse.Models.Data;

/// <summary>
/// Moves and stretches each feature (last axis) by numbers learned from training data: <c>y = (x − offset) / scale</c>.
/// Fit on the training part only, then transform both parts.
/// </summary>
public sealed class FeatureScaler
{
    private readonly double[] _offsets;
    private readonly double[] _scales;

    private FeatureScaler(double[] offsets, double[] scales)
    {
        _offsets = offsets;
        _scales = scales;
    }

    /// <summary>What is subtracted from each feature.</summary>
    public IReadOnlyList<double> Offsets => _offsets;

    /// <summary>What each feature is divided by; 1 for a constant feature.</summary>
    public IReadOnlyList<double> Scales => _scales;

    /// <summary>To mean 0 and standard deviation 1 (biased, as scikit-learn's StandardScaler).</summary>
    /// <param name="data">(…, features).</param>
    public static FeatureScaler Standard(Tensor<float> data)
    {
        int features = Features(data);
        float[] values = Copy(data);
        int rows = values.Length / features;
        var means = new double[features];
        var deviations = new double[features];
        for (int i = 0; i < values.Length; i++)
            means[i % features] += (double)values[i] / rows;
        for (int i = 0; i < values.Length; i++)
            deviations[i % features] += Math.Pow(values[i] - means[i % features], 2) / rows;
        return new FeatureScaler(means, [.. deviations.Select(variance => NonZero(Math.Sqrt(variance)))]);
    }

    /// <summary>To the range 0 … 1.</summary>
    /// <param name="data">(…, features).</param>
    public static FeatureScaler MinMax(Tensor<float> data)
    {
        int features = Features(data);
        double[] low = [.. Enumerable.Repeat(double.PositiveInfinity, features)];
        double[] high = [.. Enumerable.Repeat(double.NegativeInfinity, features)];
        float[] values = Copy(data);
        for (int i = 0; i < values.Length; i++)
        {
            low[i % features] = Math.Min(low[i % features], values[i]);
            high[i % features] = Math.Max(high[i % features], values[i]);
        }
        return new FeatureScaler(low, [.. low.Zip(high, (from, to) => NonZero(to - from))]);
    }

    /// <summary>Scales a copy of <paramref name="data"/>.</summary>
    /// <param name="data">(…, features), as many features as were fitted.</param>
    /// <exception cref="ArgumentException">The number of features differs.</exception>
    public Tensor<float> Transform(Tensor<float> data)
    {
        if (Features(data) != _offsets.Length)
            throw new ArgumentException($"FeatureScaler: fitted on {_offsets.Length} features, received shape {Shapes.Format(data.Shape)}; expected (…, {_offsets.Length}).", nameof(data));
        float[] values = Copy(data);
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)((values[i] - _offsets[i % _offsets.Length]) / _scales[i % _scales.Length]);
        return Tensor.From<float>(values, data.Shape);
    }

    private static double NonZero(double scale) => scale == 0 ? 1 : scale;

    private static int Features(Tensor<float> data)
        => data.Rank > 0 && data.Count > 0
            ? data.Shape[^1]
            : throw new ArgumentException($"FeatureScaler: shape {Shapes.Format(data.Shape)} holds no features; expected (…, features).", nameof(data));

    private static float[] Copy(Tensor<float> data)
    {
        var values = new float[data.Count];
        data.CopyTo(values);
        return values;
    }
}

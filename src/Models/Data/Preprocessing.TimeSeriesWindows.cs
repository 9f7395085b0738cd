using FlatFuse.Tensors;

namespace FlatFuse.Models.Data;

public static partial class Preprocessing
{
    /// <summary>Every run of <paramref name="length"/> consecutive steps of a series, as samples.</summary>
    /// <param name="series">(steps, features).</param>
    /// <param name="length">Steps a window.</param>
    /// <param name="stride">Steps from one window's start to the next.</param>
    /// <returns>(windows, length, features); window i holds steps i·stride … i·stride + length − 1.</returns>
    /// <exception cref="ArgumentException">The series has another rank, or fewer steps than one window.</exception>
    public static Tensor<float> TimeSeriesWindows(Tensor<float> series, int length, int stride = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        if (series.Rank != 2 || series.Shape[0] < length)
            throw new ArgumentException($"TimeSeriesWindows: a series of shape {Shapes.Format(series.Shape)} holds no window of {length} steps; expected (steps, features) with at least {length} steps.", nameof(series));
        int features = series.Shape[1];
        int windows = (series.Shape[0] - length) / stride + 1;
        Tensor<float> result = Tensor.Zeros<float>(windows, length, features);
        ReadOnlySpan<float> source = (series.IsContiguous ? series : series.Clone()).AsSpan();
        Span<float> destination = result.AsSpan();
        for (int i = 0; i < windows; i++)
            source.Slice(i * stride * features, length * features).CopyTo(destination[(i * length * features)..]);
        return result;
    }
}

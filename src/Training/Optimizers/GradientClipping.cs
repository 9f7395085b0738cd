using FlatFuse.Kernels;

namespace FlatFuse.Training;

/// <summary>Clips gradients in place before an update; norms are summed in double.</summary>
internal static class GradientClipping
{
    public static void Apply(Workers workers, Optimizer optimizer, ReadOnlySpan<WeightSegment> segments)
    {
        if (optimizer.GlobalClipNorm is { } global)
            ClipGlobal(segments, global);
        else if (optimizer.ClipNorm is { } norm)
            ClipEach(segments, norm);
        else if (optimizer.ClipValue is { } value)
            ClipEntries(segments, (float)value);
    }

    private static void ClipGlobal(ReadOnlySpan<WeightSegment> segments, double limit)
    {
        double squares = 0;
        foreach (WeightSegment segment in segments)
            squares += SumOfSquares(segment.Gradients.AsSpan());
        foreach (WeightSegment segment in segments)
            Shorten(segment.Gradients.AsSpan(), Math.Sqrt(squares), limit);
    }

    private static void ClipEach(ReadOnlySpan<WeightSegment> segments, double limit)
    {
        foreach (WeightSegment segment in segments)
        {
            foreach (WeightRange variable in segment.Variables)
            {
                Span<float> gradient = segment.Gradients.AsSpan().Slice(variable.Start, variable.Length);
                Shorten(gradient, Math.Sqrt(SumOfSquares(gradient)), limit);
            }
        }
    }

    private static void ClipEntries(ReadOnlySpan<WeightSegment> segments, float limit)
    {
        foreach (WeightSegment segment in segments)
        {
            Span<float> gradient = segment.Gradients.AsSpan();
            for (int i = 0; i < gradient.Length; i++)
                gradient[i] = Math.Clamp(gradient[i], -limit, limit);
        }
    }

    // g · c / max(|g|, c). A norm that is not finite makes every entry NaN, which is what it should show.
    private static void Shorten(Span<float> gradient, double norm, double limit)
    {
        if (norm <= limit)
            return;
        float factor = (float)(limit / norm);
        for (int i = 0; i < gradient.Length; i++)
            gradient[i] *= factor;
    }

    private static double SumOfSquares(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
            sum += (double)value * value;
        return sum;
    }
}

using FlatFuse.Kernels;

namespace FlatFuse.Training;

/// <summary>
/// Clipping before an update. A factor or bound for all gradients is left to the update's own pass over the memory; only factors that differ from
/// variable to variable change the gradients in place. Norms are summed in double.
/// </summary>
internal static class GradientClipping
{
    public static GradientPreparation Prepare(Workers workers, Optimizer optimizer, ReadOnlySpan<WeightSegment> segments)
    {
        if (optimizer.ClipNorm is { } limit)
            ClipEach(workers, segments, limit);
        return new GradientPreparation
        {
            Scale = optimizer.GlobalClipNorm is { } global ? GlobalFactor(workers, segments, global) : null,
            ClipValue = optimizer.ClipValue,
        };
    }

    private static double GlobalFactor(Workers workers, ReadOnlySpan<WeightSegment> segments, double limit)
    {
        double squares = 0;
        foreach (WeightSegment segment in segments)
            squares += Reductions.SumOfSquares(workers, segment.Gradients.AsSpan());
        return Factor(Math.Sqrt(squares), limit);
    }

    private static void ClipEach(Workers workers, ReadOnlySpan<WeightSegment> segments, double limit)
    {
        foreach (WeightSegment segment in segments)
        {
            foreach (WeightRange variable in segment.Variables)
            {
                Span<float> gradient = segment.Gradients.AsSpan().Slice(variable.Start, variable.Length);
                double factor = Factor(Math.Sqrt(Reductions.SumOfSquares(workers, gradient)), limit);
                if (factor != 1)
                    Elementwise.Scale(workers, gradient, (float)factor, gradient);
            }
        }
    }

    // c / max(|g|, c). A norm that is not a number makes every gradient NaN, which is what it should show.
    private static double Factor(double norm, double limit) => limit / Math.Max(norm, limit);
}

namespace FlatFuse.Kernels;

/// <summary>The normalisations as their formulas stand, in double, one element after another: oracle and baseline.</summary>
public static class NaiveNormalization
{
    /// <summary>x̂ of every row and the scale that made it.</summary>
    /// <param name="shape">Statistic, sizes, ε.</param>
    /// <param name="x">Inputs (rows, width).</param>
    /// <param name="standard">x̂ (rows, width).</param>
    /// <param name="scales">s of each row (rows).</param>
    public static void Rows(in RowNormalizationShape shape, ReadOnlySpan<double> x, Span<double> standard, Span<double> scales)
    {
        for (int row = 0; row < shape.Rows; row++)
        {
            ReadOnlySpan<double> from = x.Slice(row * shape.Width, shape.Width);
            double mean = 0, squares = 0;
            if (shape.Statistic == RowStatistic.Deviation)
            {
                foreach (double value in from)
                    mean += value / shape.Width;
            }
            foreach (double value in from)
                squares += (value - mean) * (value - mean);
            scales[row] = shape.ScaleOf(squares);
            for (int i = 0; i < shape.Width; i++)
                standard[(row * shape.Width) + i] = (from[i] - mean) * scales[row];
        }
    }

    /// <summary>dx of every row, given x̂ and the scales.</summary>
    /// <param name="shape">Statistic, sizes, ε.</param>
    /// <param name="standard">x̂ (rows, width).</param>
    /// <param name="scales">s of each row (rows).</param>
    /// <param name="g">dy · γ (rows, width).</param>
    /// <param name="dx">The gradient of the inputs (rows, width).</param>
    public static void RowGradients(in RowNormalizationShape shape, ReadOnlySpan<double> standard, ReadOnlySpan<double> scales, ReadOnlySpan<double> g, Span<double> dx)
    {
        for (int row = 0; row < shape.Rows; row++)
        {
            int start = row * shape.Width;
            double mean = 0, projection = 0;
            for (int i = start; i < start + shape.Width; i++)
            {
                mean += shape.Statistic == RowStatistic.Deviation ? g[i] / shape.Width : 0;
                projection += g[i] * standard[i] / (shape.Statistic == RowStatistic.Norm ? 1 : shape.Width);
            }
            bool zeros = shape.Statistic == RowStatistic.Norm && scales[row] == RowNormalizationShape.LargestInverseNorm;
            for (int i = start; i < start + shape.Width; i++)
                dx[i] = zeros ? 0 : scales[row] * (g[i] - mean - (standard[i] * projection));
        }
    }

    /// <summary>Weighted mean and biased variance of every channel.</summary>
    /// <param name="layout">Sizes.</param>
    /// <param name="x">The value (outer, channels, inner).</param>
    /// <param name="weights">One an element.</param>
    /// <param name="means">The means (channels).</param>
    /// <param name="variances">The variances (channels).</param>
    /// <param name="counts">The sums of the weights (channels).</param>
    public static void Channels(in ChannelLayout layout, ReadOnlySpan<double> x, ReadOnlySpan<double> weights, Span<double> means, Span<double> variances, Span<double> counts)
    {
        means.Clear();
        variances.Clear();
        counts.Clear();
        for (int i = 0; i < x.Length; i++)
        {
            int c = i / layout.Inner % layout.Channels;
            counts[c] += weights[i];
            means[c] += weights[i] * x[i];
        }
        for (int c = 0; c < layout.Channels; c++)
            means[c] /= counts[c];
        for (int i = 0; i < x.Length; i++)
        {
            int c = i / layout.Inner % layout.Channels;
            variances[c] += weights[i] * (x[i] - means[c]) * (x[i] - means[c]) / counts[c];
        }
    }
}

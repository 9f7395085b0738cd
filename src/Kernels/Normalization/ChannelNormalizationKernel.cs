namespace FlatFuse.Kernels;

/// <summary>The passes of batch normalisation: each channel of a value has its own mean, variance, factor and shift.</summary>
/// <remarks>
/// Means are given and taken in double, because a channel may lie far from 0: the kernels work on x − c with c the mean rounded to float, and the rest of the
/// mean is part of the shift. Sums are cut at points that follow from the sizes alone and added in a fixed order.
/// </remarks>
public static unsafe class ChannelNormalizationKernel
{
    /// <summary>Mean and biased variance of every channel; entries count by their weights.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="layout">Sizes.</param>
    /// <param name="x">The value (outer, channels, inner).</param>
    /// <param name="weights">One an element of <paramref name="x"/>, or empty where all count 1.</param>
    /// <param name="leastCount">What the sum of a channel's weights counts at least: above 0, so that a channel without entries has mean and variance 0.</param>
    /// <param name="means">The means (channels).</param>
    /// <param name="variances">The variances (channels).</param>
    /// <param name="counts">The sums of the weights (channels).</param>
    /// <exception cref="ArgumentException">A length does not agree with the sizes.</exception>
    public static void Measure(
        Workers workers, in ChannelLayout layout, ReadOnlySpan<float> x, ReadOnlySpan<float> weights, double leastCount, Span<double> means, Span<double> variances, Span<double> counts)
    {
        const string Name = "ChannelNormalization.Measure";
        CheckSizes(Name, workers, layout, x.Length);
        Check.LengthOrEmpty(Name, "weights", weights.Length, layout.Count);
        Check.Length(Name, "means", means.Length, layout.Channels);
        Check.Length(Name, "variances", variances.Length, layout.Channels);
        Check.Length(Name, "counts", counts.Length, layout.Channels);
        fixed (float* px = x, pw = weights)
        fixed (double* pm = means, pv = variances, pc = counts)
        {
            var memory = new ChannelMemory { X = px, Weights = pw };
            KernelSet kernels = workers.Kernels;
            if (pw == null)
            {
                counts.Fill(layout.Entries);
            }
            else
            {
                var ones = new ChannelMemory { X = pw };
                kernels.ChannelSums(workers, in layout, in ones, pc, null);
            }
            kernels.ChannelSums(workers, in layout, in memory, pm, null);
            float* centres = workers.Shared.Rent(layout.Channels);
            for (int c = 0; c < layout.Channels; c++)
            {
                counts[c] = Math.Max(counts[c], leastCount);
                centres[c] = (float)(means[c] / counts[c]);
            }
            memory.First = centres;
            kernels.ChannelDeviations(workers, in layout, in memory, pm, pv);
            for (int c = 0; c < layout.Channels; c++)
            {
                // Σ w (x − mean)² = Σ w (x − c)² − n δ² with the exact δ: it is a rounding error of the mean, so nothing cancels.
                double rest = means[c] / counts[c];
                variances[c] = Math.Max(0, (variances[c] / counts[c]) - (rest * rest));
                means[c] = (float)centres[c] + rest;
            }
        }
    }

    /// <summary>y = (x − centre) · factor + shift, with numbers of the element's channel.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="layout">Sizes.</param>
    /// <param name="x">The value.</param>
    /// <param name="centres">The means, rounded (channels).</param>
    /// <param name="factors">γ / √(variance + ε) (channels).</param>
    /// <param name="shifts">β less the rest of the mean times the factor (channels).</param>
    /// <param name="y">The result; may be <paramref name="x"/> itself.</param>
    /// <exception cref="ArgumentException">A length does not agree with the sizes, or spans overlap shifted.</exception>
    public static void Apply(
        Workers workers, in ChannelLayout layout, ReadOnlySpan<float> x, ReadOnlySpan<float> centres, ReadOnlySpan<float> factors, ReadOnlySpan<float> shifts, Span<float> y)
    {
        const string Name = "ChannelNormalization.Apply";
        CheckSizes(Name, workers, layout, x.Length);
        CheckConstants(Name, layout, centres, factors, shifts);
        Check.Length(Name, "y", y.Length, layout.Count);
        Check.SameOrDisjoint(Name, "x", x, y);
        fixed (float* px = x, pc = centres, pf = factors, ps = shifts, py = y)
        {
            var memory = new ChannelMemory { X = px, First = pc, Second = pf, Third = ps, Y = py };
            workers.Kernels.ChannelApply(workers, in layout, in memory);
        }
    }

    /// <summary>Σ dy and Σ dy · x̂ of every channel, with x̂ = (x − centre) · scale + shift: the gradients of β and γ.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="layout">Sizes.</param>
    /// <param name="x">The value.</param>
    /// <param name="dy">The gradient of the result.</param>
    /// <param name="centres">The means, rounded (channels).</param>
    /// <param name="scales">1 / √(variance + ε) (channels).</param>
    /// <param name="shifts">The negative rest of the mean times the scale (channels).</param>
    /// <param name="sums">Σ dy (channels).</param>
    /// <param name="projections">Σ dy · x̂ (channels).</param>
    /// <exception cref="ArgumentException">A length does not agree with the sizes.</exception>
    public static void GradientSums(
        Workers workers, in ChannelLayout layout, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, ReadOnlySpan<float> centres, ReadOnlySpan<float> scales, ReadOnlySpan<float> shifts,
        Span<double> sums, Span<double> projections)
    {
        const string Name = "ChannelNormalization.GradientSums";
        CheckSizes(Name, workers, layout, x.Length);
        CheckConstants(Name, layout, centres, scales, shifts);
        Check.Length(Name, "dy", dy.Length, layout.Count);
        Check.Length(Name, "sums", sums.Length, layout.Channels);
        Check.Length(Name, "projections", projections.Length, layout.Channels);
        fixed (float* px = x, pdy = dy, pc = centres, pf = scales, ps = shifts)
        fixed (double* p0 = sums, p1 = projections)
        {
            var memory = new ChannelMemory { X = px, OutputGradient = pdy, First = pc, Second = pf, Third = ps };
            workers.Kernels.ChannelGradientSums(workers, in layout, in memory, p0, p1);
        }
    }

    /// <summary>dx = factor · dy − weight · ((x − centre) · slope + level), or added.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="layout">Sizes.</param>
    /// <param name="x">The value.</param>
    /// <param name="dy">The gradient of the result.</param>
    /// <param name="weights">One an element, or empty where all count 1: an entry that moves no statistic has no share of their gradient.</param>
    /// <param name="centres">The means, rounded (channels).</param>
    /// <param name="factors">γ / √(variance + ε) (channels).</param>
    /// <param name="slopes">What the statistics' gradient takes off by distance from the centre (channels).</param>
    /// <param name="levels">What it takes off at the centre (channels).</param>
    /// <param name="dx">The gradient of the value; disjoint from the operands.</param>
    /// <param name="accumulate">True to add to <paramref name="dx"/>.</param>
    /// <exception cref="ArgumentException">A length does not agree with the sizes.</exception>
    public static void InputGradient(
        Workers workers, in ChannelLayout layout, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, ReadOnlySpan<float> weights, ReadOnlySpan<float> centres,
        ReadOnlySpan<float> factors, ReadOnlySpan<float> slopes, ReadOnlySpan<float> levels, Span<float> dx, bool accumulate)
    {
        const string Name = "ChannelNormalization.InputGradient";
        CheckSizes(Name, workers, layout, x.Length);
        CheckConstants(Name, layout, centres, factors, slopes);
        Check.Length(Name, "levels", levels.Length, layout.Channels);
        Check.Length(Name, "dy", dy.Length, layout.Count);
        Check.LengthOrEmpty(Name, "weights", weights.Length, layout.Count);
        Check.Length(Name, "dx", dx.Length, layout.Count);
        fixed (float* px = x, pdy = dy, pw = weights, pc = centres, pf = factors, p2 = slopes, p3 = levels, pdx = dx)
        {
            var memory = new ChannelMemory
            {
                X = px, OutputGradient = pdy, Weights = pw, First = pc, Second = pf, Third = p2, Fourth = p3, Y = pdx, Accumulate = accumulate,
            };
            workers.Kernels.ChannelInputGradient(workers, in layout, in memory);
        }
    }

    private static void CheckSizes(string name, Workers workers, in ChannelLayout layout, int x)
    {
        ArgumentNullException.ThrowIfNull(workers);
        Check.Size(name, "outer", layout.Outer);
        Check.Size(name, "channels", layout.Channels);
        Check.Size(name, "inner", layout.Inner);
        Check.Length(name, "x", x, layout.Count);
    }

    private static void CheckConstants(string name, in ChannelLayout layout, ReadOnlySpan<float> first, ReadOnlySpan<float> second, ReadOnlySpan<float> third)
    {
        Check.Length(name, "the first numbers of the channels", first.Length, layout.Channels);
        Check.Length(name, "the second numbers of the channels", second.Length, layout.Channels);
        Check.Length(name, "the third numbers of the channels", third.Length, layout.Channels);
    }
}

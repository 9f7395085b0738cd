namespace FlatFuse.Kernels;

/// <summary>
/// Rows brought to one size, scaled and shifted, <c>y = x̂ · γ + β</c>: layer normalisation (x̂ = (x − mean) / √(variance + ε)),
/// root-mean-square normalisation (x̂ = x / √(mean x² + ε)) and unit normalisation (x̂ = x / ‖x‖).
/// </summary>
/// <remarks>
/// Statistics are measured around a centre near the mean, so that a row far from 0 keeps its digits: with c the rounded mean, δ the mean of
/// x − c and s the scale, x̂ = (x − c) · s − δ s. The centre, s and −δ s of each row are what backward needs of forward.
/// </remarks>
public static unsafe class RowNormalizationKernel
{
    /// <summary>y = x̂ · γ + β for each row.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="shape">Statistic, sizes, ε.</param>
    /// <param name="x">Inputs (rows, width).</param>
    /// <param name="gamma">γ (width), or empty for 1.</param>
    /// <param name="beta">β (width), or empty for 0.</param>
    /// <param name="y">Outputs (rows, width); may be <paramref name="x"/> itself.</param>
    /// <param name="statistics">Three floats a row (rows, 3), kept for <see cref="Backward"/>: centre, scale, shift.</param>
    /// <exception cref="ArgumentException">A length does not agree with the sizes, or spans overlap shifted.</exception>
    public static void Forward(
        Workers workers, in RowNormalizationShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, Span<float> y, Span<float> statistics)
    {
        const string Name = "RowNormalization.Forward";
        CheckSizes(Name, workers, shape, x.Length, gamma.Length, statistics.Length);
        Check.LengthOrEmpty(Name, "beta", beta.Length, shape.Width);
        Check.Length(Name, "y", y.Length, shape.Count);
        Check.SameOrDisjoint(Name, "x", x, y);
        fixed (float* px = x, pg = gamma, pb = beta, py = y, ps = statistics)
            workers.Kernels.RowNormalizationForward(workers, in shape, px, pg, pb, py, ps);
    }

    /// <summary>
    /// With g = dy · γ: dx = s (g − mean(g) − x̂ · mean(g · x̂)); without the first mean for a root mean square, and for a norm dx = s (g − x̂ · Σ g · x̂).
    /// dγ = Σ dy · x̂ and dβ = Σ dy over the rows.
    /// </summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="shape">Statistic, sizes, ε.</param>
    /// <param name="x">The inputs of the forward call.</param>
    /// <param name="gamma">γ (width), or empty for 1.</param>
    /// <param name="statistics">What forward kept.</param>
    /// <param name="dy">The gradient of the outputs (rows, width).</param>
    /// <param name="dx">The gradient of the inputs (rows, width), or empty when nobody wants it; disjoint from the operands.</param>
    /// <param name="accumulate">True to add to <paramref name="dx"/>.</param>
    /// <param name="dgamma">The gradient of γ (width), or empty; overwritten.</param>
    /// <param name="dbeta">The gradient of β (width), or empty; overwritten.</param>
    /// <param name="accumulateGamma">True to add to <paramref name="dgamma"/>.</param>
    /// <param name="accumulateBeta">True to add to <paramref name="dbeta"/>.</param>
    /// <exception cref="ArgumentException">A length does not agree with the sizes.</exception>
    public static void Backward(
        Workers workers, in RowNormalizationShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> gamma, ReadOnlySpan<float> statistics, ReadOnlySpan<float> dy,
        Span<float> dx, bool accumulate, Span<float> dgamma, Span<float> dbeta, bool accumulateGamma = false, bool accumulateBeta = false)
    {
        const string Name = "RowNormalization.Backward";
        CheckSizes(Name, workers, shape, x.Length, gamma.Length, statistics.Length);
        Check.Length(Name, "dy", dy.Length, shape.Count);
        Check.LengthOrEmpty(Name, "dx", dx.Length, shape.Count);
        Check.LengthOrEmpty(Name, "dgamma", dgamma.Length, shape.Width);
        Check.LengthOrEmpty(Name, "dbeta", dbeta.Length, shape.Width);
        fixed (float* px = x, pg = gamma, ps = statistics, pdy = dy, pdx = dx, pdg = dgamma, pdb = dbeta)
        {
            var memory = new RowNormalizationMemory { X = px, Gamma = pg, Statistics = ps, OutputGradient = pdy, InputGradient = pdx, Accumulate = accumulate };
            workers.Kernels.RowNormalizationBackward(workers, in shape, in memory, pdg, pdb, accumulateGamma, accumulateBeta);
        }
    }

    private static void CheckSizes(string name, Workers workers, in RowNormalizationShape shape, int x, int gamma, int statistics)
    {
        ArgumentNullException.ThrowIfNull(workers);
        Check.Size(name, "rows", shape.Rows);
        Check.Size(name, "width", shape.Width);
        Check.Length(name, "x", x, shape.Count);
        Check.LengthOrEmpty(name, "gamma", gamma, shape.Width);
        Check.Length(name, "statistics", statistics, (long)shape.Rows * RowNormalizationShape.StatisticsOfRow);
    }
}

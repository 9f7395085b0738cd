using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

internal static unsafe partial class RowNormalizationGradients<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Two rows of a layer normalisation at a time: what <see cref="Project"/> and <see cref="Deliver"/> do.</summary>
    /// <remarks>
    /// A short row is a chain: its sums, added across the lanes, then dx. The other row fills the gaps, and both share one load of γ and one load and store of the
    /// sums of dγ and dβ, which grow row by row as ever.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pair<TAdd>(in RowNormalizationShape shape, in RowNormalizationMemory m, int row, float* gammaSums, float* betaSums)
        where TAdd : struct, IOption
    {
        int width = shape.Width;
        float* x = m.X + ((nint)row * width);
        float* dy = m.OutputGradient + ((nint)row * width);
        float* dx = m.InputGradient + ((nint)row * width);
        float* gamma = m.Gamma;
        float* statistics = m.Statistics + ((nint)row * RowNormalizationShape.StatisticsOfRow);
        TVector centre0 = TSimd.Splat(statistics[0]), scale0 = TSimd.Splat(statistics[1]), shift0 = TSimd.Splat(statistics[2]);
        TVector centre1 = TSimd.Splat(statistics[3]), scale1 = TSimd.Splat(statistics[4]), shift1 = TSimd.Splat(statistics[5]);
        int step = TSimd.Count;
        int whole = width - (width % step);
        TVector sum0 = default, sum1 = default, products0 = default, products1 = default;
        for (int i = 0; i < whole; i += step)
        {
            TVector factor = *(TVector*)(gamma + i);
            TVector g0 = TSimd.Multiply(*(TVector*)(dy + i), factor);
            TVector g1 = TSimd.Multiply(*(TVector*)(dy + width + i), factor);
            sum0 = TSimd.Add(sum0, g0);
            sum1 = TSimd.Add(sum1, g1);
            products0 = TSimd.MultiplyAdd(g0, TSimd.MultiplyAdd(TSimd.Subtract(*(TVector*)(x + i), centre0), scale0, shift0), products0);
            products1 = TSimd.MultiplyAdd(g1, TSimd.MultiplyAdd(TSimd.Subtract(*(TVector*)(x + width + i), centre1), scale1, shift1), products1);
        }
        int rest = width - whole;
        if (rest > 0)
        {
            TVector factor = TSimd.LoadPartial(gamma + whole, rest);
            TVector g0 = TSimd.Multiply(TSimd.LoadPartial(dy + whole, rest), factor);
            TVector g1 = TSimd.Multiply(TSimd.LoadPartial(dy + width + whole, rest), factor);
            sum0 = TSimd.Add(sum0, g0);
            sum1 = TSimd.Add(sum1, g1);
            products0 = TSimd.MultiplyAdd(g0, Standardised(x + whole, rest, centre0, scale0, shift0), products0);
            products1 = TSimd.MultiplyAdd(g1, Standardised(x + width + whole, rest, centre1, scale1, shift1), products1);
        }
        float share = -1f / width;
        TVector mean0 = TSimd.Splat(TSimd.Sum(sum0) * share), projection0 = TSimd.Splat(TSimd.Sum(products0) * share);
        TVector mean1 = TSimd.Splat(TSimd.Sum(sum1) * share), projection1 = TSimd.Splat(TSimd.Sum(products1) * share);
        for (int i = 0; i < whole; i += step)
        {
            Elements<Yes, TAdd>(
                x + i, dy + i, gamma + i, dx + i, width, gammaSums + i, betaSums + i, step,
                centre0, scale0, shift0, mean0, projection0, centre1, scale1, shift1, mean1, projection1);
        }
        if (rest > 0)
        {
            Elements<No, TAdd>(
                x + whole, dy + whole, gamma + whole, dx + whole, width, gammaSums + whole, betaSums + whole, rest,
                centre0, scale0, shift0, mean0, projection0, centre1, scale1, shift1, mean1, projection1);
        }
    }

    // A vector of both rows; means and projections are negative.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Elements<TWhole, TAdd>(
        float* x, float* dy, float* gamma, float* dx, nint width, float* gammaSums, float* betaSums, int lanes,
        TVector centre0, TVector scale0, TVector shift0, TVector mean0, TVector projection0,
        TVector centre1, TVector scale1, TVector shift1, TVector mean1, TVector projection1)
        where TWhole : struct, IOption
        where TAdd : struct, IOption
    {
        TVector g0 = Load<TWhole>(dy, lanes);
        TVector g1 = Load<TWhole>(dy + width, lanes);
        TVector standard0 = TSimd.MultiplyAdd(TSimd.Subtract(Load<TWhole>(x, lanes), centre0), scale0, shift0);
        TVector standard1 = TSimd.MultiplyAdd(TSimd.Subtract(Load<TWhole>(x + width, lanes), centre1), scale1, shift1);
        Store<TWhole>(gammaSums, TSimd.MultiplyAdd(g1, standard1, TSimd.MultiplyAdd(g0, standard0, Load<TWhole>(gammaSums, lanes))), lanes);
        Store<TWhole>(betaSums, TSimd.Add(TSimd.Add(Load<TWhole>(betaSums, lanes), g0), g1), lanes);
        TVector factor = Load<TWhole>(gamma, lanes);
        TVector value0 = TSimd.Multiply(scale0, TSimd.MultiplyAdd(standard0, projection0, TSimd.MultiplyAdd(g0, factor, mean0)));
        TVector value1 = TSimd.Multiply(scale1, TSimd.MultiplyAdd(standard1, projection1, TSimd.MultiplyAdd(g1, factor, mean1)));
        if (TAdd.Value)
        {
            value0 = TSimd.Add(Load<TWhole>(dx, lanes), value0);
            value1 = TSimd.Add(Load<TWhole>(dx + width, lanes), value1);
        }
        Store<TWhole>(dx, value0, lanes);
        Store<TWhole>(dx + width, value1, lanes);
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Sums over one row that the normalisations need: lanes in float within a block, blocks in double.</summary>
internal static unsafe partial class RowMoments<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Centre, scale and shift of a row; see <see cref="RowNormalizationKernel"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Measure(in RowNormalizationShape shape, float* x, float* statistics)
    {
        float centre = 0f;
        if (shape.Statistic == RowStatistic.Deviation)
            centre = (float)(ReductionLoop<TSimd, TVector, SumReduction<TSimd, TVector>>.Run(x, shape.Width) / shape.Width);
        OfDeviations(x, shape.Width, centre, out double sum, out double squares);
        if (!double.IsFinite(squares))
            InDouble(shape, x, out centre, out sum, out squares);
        double rest = 0;
        if (shape.Statistic == RowStatistic.Deviation)
        {
            // Σ(x − mean)² = Σ(x − c)² − n δ²; δ is a rounding error of the mean, so nothing cancels.
            rest = sum / shape.Width;
            squares = Math.Max(0, squares - (sum * rest));
        }
        double scale = shape.ScaleOf(squares);
        statistics[0] = centre;
        statistics[1] = (float)scale;
        statistics[2] = (float)(-rest * scale);
    }

    // Σ (x − centre) and Σ (x − centre)².
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OfDeviations(float* x, int width, float centre, out double sum, out double squares)
    {
        int step = TSimd.Count;
        TVector c = TSimd.Splat(centre);
        sum = 0;
        squares = 0;
        for (int start = 0; start < width; start += ReductionLoop.Block)
        {
            int end = Math.Min(width, start + ReductionLoop.Block);
            TVector sum0 = default;
            TVector sum1 = default;
            TVector squares0 = default;
            TVector squares1 = default;
            int i = start;
            for (; i <= end - (2 * step); i += 2 * step)
            {
                TVector d0 = TSimd.Subtract(*(TVector*)(x + i), c);
                TVector d1 = TSimd.Subtract(*(TVector*)(x + i + step), c);
                sum0 = TSimd.Add(sum0, d0);
                sum1 = TSimd.Add(sum1, d1);
                squares0 = TSimd.MultiplyAdd(d0, d0, squares0);
                squares1 = TSimd.MultiplyAdd(d1, d1, squares1);
            }
            for (; i < end; i += step)
            {
                int lanes = Math.Min(step, end - i);
                TVector d = TSimd.Select(TSimd.FirstLanes(lanes), TSimd.Subtract(TSimd.LoadPartial(x + i, lanes), c), default(TVector));
                sum0 = TSimd.Add(sum0, d);
                squares0 = TSimd.MultiplyAdd(d, d, squares0);
            }
            sum += TSimd.Sum(TSimd.Add(sum0, sum1));
            squares += TSimd.Sum(TSimd.Add(squares0, squares1));
        }
    }

    // Numbers whose squares leave the range of float; NaN and infinities come here too and stay what they are.
    private static void InDouble(in RowNormalizationShape shape, float* x, out float centre, out double sum, out double squares)
    {
        double mean = 0;
        if (shape.Statistic == RowStatistic.Deviation)
        {
            for (int i = 0; i < shape.Width; i++)
                mean += x[i];
            mean /= shape.Width;
        }
        centre = (float)mean;
        sum = 0;
        squares = 0;
        for (int i = 0; i < shape.Width; i++)
        {
            double d = x[i] - (double)centre;
            sum += d;
            squares += d * d;
        }
    }
}

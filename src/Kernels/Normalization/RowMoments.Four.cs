using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlatFuse.Kernels;

internal static unsafe partial class RowMoments<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Centre, scale and shift of up to four rows of a layer normalisation, of at most <see cref="ReductionLoop.Block"/> elements each.</summary>
    /// <remarks>
    /// A short row is a chain of two sums across the lanes, two divisions and a root, each waiting for the one before: four rows fill one another's gaps. Where
    /// there are fewer, the last one is measured again in their place, so that a row's bits do not depend on its neighbours.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MeasureFour(in RowNormalizationShape shape, float* x, int rows, float* statistics)
    {
        int width = shape.Width;
        float* x1 = rows > 1 ? x + width : x;
        float* x2 = rows > 2 ? x1 + width : x1;
        float* x3 = rows > 3 ? x2 + width : x2;
        int step = TSimd.Count;
        int whole = width - (width % step);
        int rest = width - whole;
        TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        for (int i = 0; i < whole; i += step)
        {
            sum0 = TSimd.Add(sum0, *(TVector*)(x + i));
            sum1 = TSimd.Add(sum1, *(TVector*)(x1 + i));
            sum2 = TSimd.Add(sum2, *(TVector*)(x2 + i));
            sum3 = TSimd.Add(sum3, *(TVector*)(x3 + i));
        }
        if (rest > 0)
        {
            sum0 = TSimd.Add(sum0, TSimd.LoadPartial(x + whole, rest));
            sum1 = TSimd.Add(sum1, TSimd.LoadPartial(x1 + whole, rest));
            sum2 = TSimd.Add(sum2, TSimd.LoadPartial(x2 + whole, rest));
            sum3 = TSimd.Add(sum3, TSimd.LoadPartial(x3 + whole, rest));
        }
        Vector128<float> centres = Vector128.Create(TSimd.Sum(sum0), TSimd.Sum(sum1), TSimd.Sum(sum2), TSimd.Sum(sum3)) / Vector128.Create((float)width);
        TVector centre0 = TSimd.Splat(centres[0]), centre1 = TSimd.Splat(centres[1]), centre2 = TSimd.Splat(centres[2]), centre3 = TSimd.Splat(centres[3]);
        sum0 = sum1 = sum2 = sum3 = default;
        TVector squares0 = default, squares1 = default, squares2 = default, squares3 = default;
        for (int i = 0; i < whole; i += step)
        {
            Include(TSimd.Subtract(*(TVector*)(x + i), centre0), ref sum0, ref squares0);
            Include(TSimd.Subtract(*(TVector*)(x1 + i), centre1), ref sum1, ref squares1);
            Include(TSimd.Subtract(*(TVector*)(x2 + i), centre2), ref sum2, ref squares2);
            Include(TSimd.Subtract(*(TVector*)(x3 + i), centre3), ref sum3, ref squares3);
        }
        if (rest > 0)
        {
            TVector inside = TSimd.FirstLanes(rest);
            Include(TSimd.Select(inside, TSimd.Subtract(TSimd.LoadPartial(x + whole, rest), centre0), default(TVector)), ref sum0, ref squares0);
            Include(TSimd.Select(inside, TSimd.Subtract(TSimd.LoadPartial(x1 + whole, rest), centre1), default(TVector)), ref sum1, ref squares1);
            Include(TSimd.Select(inside, TSimd.Subtract(TSimd.LoadPartial(x2 + whole, rest), centre2), default(TVector)), ref sum2, ref squares2);
            Include(TSimd.Select(inside, TSimd.Subtract(TSimd.LoadPartial(x3 + whole, rest), centre3), default(TVector)), ref sum3, ref squares3);
        }
        Vector128<float> sums = Vector128.Create(TSimd.Sum(sum0), TSimd.Sum(sum1), TSimd.Sum(sum2), TSimd.Sum(sum3));
        Vector128<float> squares = Vector128.Create(TSimd.Sum(squares0), TSimd.Sum(squares1), TSimd.Sum(squares2), TSimd.Sum(squares3));
        // In vectors of double although there is little to compute: of scalar conversions each would wait for the row before, whose result shares its register.
        Conclude(shape, Vector128.WidenLower(sums), Vector128.WidenLower(squares), out Vector128<double> lowScales, out Vector128<double> lowShifts);
        Conclude(shape, Vector128.WidenUpper(sums), Vector128.WidenUpper(squares), out Vector128<double> highScales, out Vector128<double> highShifts);
        Vector128<float> scales = Vector128.Narrow(lowScales, highScales);
        Vector128<float> shifts = Vector128.Narrow(lowShifts, highShifts);
        bool allFinite = float.IsFinite(Vector128.Sum(squares));
        for (int row = 0; row < rows; row++)
        {
            float* own = statistics + (row * RowNormalizationShape.StatisticsOfRow);
            own[0] = centres[row];
            own[1] = scales[row];
            own[2] = shifts[row];
            if (!allFinite && !float.IsFinite(squares[row]))
                Measure(shape, x + ((nint)row * width), own);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Include(TVector deviation, ref TVector sum, ref TVector squares)
    {
        sum = TSimd.Add(sum, deviation);
        squares = TSimd.MultiplyAdd(deviation, deviation, squares);
    }

    // As for one row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Conclude(in RowNormalizationShape shape, Vector128<double> sums, Vector128<double> squares, out Vector128<double> scales, out Vector128<double> shifts)
    {
        Vector128<double> width = Vector128.Create((double)shape.Width);
        Vector128<double> rest = sums / width;
        Vector128<double> variances = Vector128.Max(Vector128<double>.Zero, squares - (sums * rest)) / width;
        scales = Vector128<double>.One / Vector128.Sqrt(variances + Vector128.Create(shape.Epsilon));
        shifts = -rest * scales;
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>The passes over one row that softmax and cross-entropy are made of.</summary>
internal static unsafe class SoftmaxRow<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Rows a chunk: about 8,192 elements, and enough of them that a chunk outweighs a fork.</summary>
    public static int RowsPerChunk(int classes) => Math.Max(1, 8192 / Math.Max(1, classes));

    /// <summary>The row's maximum; NaN wins.</summary>
    /// <remarks>Four at a time: a maximum that lets NaN win is several instructions, each waiting for the one before.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Max(float* x, int classes)
    {
        int width = TSimd.Count;
        TVector largest = TSimd.Splat(float.NegativeInfinity);
        TVector second = largest, third = largest, fourth = largest;
        int c = 0;
        for (; c <= classes - (4 * width); c += 4 * width)
        {
            largest = TSimd.Max(largest, TSimd.Load(x + c));
            second = TSimd.Max(second, TSimd.Load(x + c + width));
            third = TSimd.Max(third, TSimd.Load(x + c + (2 * width)));
            fourth = TSimd.Max(fourth, TSimd.Load(x + c + (3 * width)));
        }
        largest = TSimd.Max(TSimd.Max(largest, second), TSimd.Max(third, fourth));
        for (; c <= classes - width; c += width)
            largest = TSimd.Max(largest, TSimd.Load(x + c));
        if (c < classes)
        {
            int lanes = classes - c;
            TVector rest = TSimd.Select(TSimd.FirstLanes(lanes), TSimd.LoadPartial(x + c, lanes), TSimd.Splat(float.NegativeInfinity));
            largest = TSimd.Max(largest, rest);
        }
        return TSimd.MaxAcross(largest);
    }

    /// <summary>y = exp(x − shift); returns the sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float ExpAndSum(float* x, float* y, int classes, float shift)
    {
        int width = TSimd.Count;
        TVector s = TSimd.Splat(shift);
        TVector sum = TSimd.Zero;
        int c = 0;
        for (; c <= classes - width; c += width)
        {
            TVector e = ExpOfShifted(TSimd.Subtract(TSimd.Load(x + c), s));
            sum = TSimd.Add(sum, e);
            TSimd.Store(y + c, e);
        }
        if (c < classes)
        {
            int lanes = classes - c;
            TVector e = ExpOfShifted(TSimd.Subtract(TSimd.LoadPartial(x + c, lanes), s));
            sum = TSimd.Add(sum, TSimd.Select(TSimd.FirstLanes(lanes), e, TSimd.Zero));
            TSimd.StorePartial(y + c, e, lanes);
        }
        return TSimd.Sum(sum);
    }

    /// <summary>Σ exp(x − shift).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float SumOfExp(float* x, int classes, float shift)
    {
        int width = TSimd.Count;
        TVector s = TSimd.Splat(shift);
        TVector sum = TSimd.Zero;
        for (int c = 0; c < classes; c += width)
        {
            int lanes = Math.Min(width, classes - c);
            TVector e = ExpOfShifted(TSimd.Subtract(TSimd.LoadPartial(x + c, lanes), s));
            sum = TSimd.Add(sum, TSimd.Select(TSimd.FirstLanes(lanes), e, TSimd.Zero));
        }
        return TSimd.Sum(sum);
    }

    /// <summary>Σ left · right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot(float* left, float* right, int classes)
    {
        int width = TSimd.Count;
        TVector sum = TSimd.Zero;
        int c = 0;
        for (; c <= classes - width; c += width)
            sum = TSimd.MultiplyAdd(TSimd.Load(left + c), TSimd.Load(right + c), sum);
        if (c < classes)
            sum = TSimd.MultiplyAdd(TSimd.LoadPartial(left + c, classes - c), TSimd.LoadPartial(right + c, classes - c), sum);
        return TSimd.Sum(sum);
    }

    /// <summary>
    /// y = softmax(x) for a row of at most one vector, in one go: no pass over memory, no calls. Returns Σ exp(x − max).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Short(float* x, float* y, int classes, out float max)
    {
        TVector inside = TSimd.FirstLanes(classes);
        TVector value = TSimd.LoadPartial(x, classes);
        max = TSimd.MaxAcross(TSimd.Select(inside, value, TSimd.Splat(float.NegativeInfinity)));
        TVector e = TSimd.Select(inside, ExpOfShifted(TSimd.Subtract(value, TSimd.Splat(max))), TSimd.Zero);
        float sum = TSimd.Sum(e);
        TSimd.StorePartial(y, TSimd.Multiply(e, TSimd.Splat(1f / sum)), classes);
        return sum;
    }

    /// <summary>losses = log(sums) − shifted for many rows, by the same polynomial as everywhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Losses(float* sums, float* shifted, float* losses, int rows)
    {
        int width = TSimd.Count;
        for (int r = 0; r < rows; r += width)
        {
            int lanes = Math.Min(width, rows - r);
            TVector log = VectorMath<TSimd, TVector>.Log(TSimd.LoadPartial(sums + r, lanes));
            TSimd.StorePartial(losses + r, TSimd.Subtract(log, TSimd.LoadPartial(shifted + r, lanes)), lanes);
        }
    }

    // eˣ, and 0 below −87: beside the row's largest term, 1, such terms are nothing, but a subnormal result costs over a hundred cycles here and
    // again wherever it is used. Masked attention would have many.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExpOfShifted(TVector x)
    {
        TVector least = TSimd.Splat(-87f);
        TVector e = VectorMath<TSimd, TVector>.Exp(TSimd.MaxNative(least, x));
        return TSimd.Select(TSimd.LessThan(x, least), TSimd.Zero, e);
    }

    /// <summary>The logarithm of one number by the same polynomial as everywhere: the bits do not depend on the system's library.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Log(float x)
    {
        float result;
        TSimd.StorePartial(&result, VectorMath<TSimd, TVector>.Log(TSimd.Splat(x)), 1);
        return result;
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>The passes over one row that softmax and cross-entropy are made of.</summary>
internal static unsafe class SoftmaxRow<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Rows a chunk: about 8,192 elements, and enough of them that a chunk outweighs a fork.</summary>
    public static int RowsPerChunk(int classes) => Math.Max(1, 8192 / Math.Max(1, classes));

    /// <summary>The row's maximum; of a row that holds NaN any number or NaN, for its exponentials and their sum are NaN whatever is taken off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Max(float* x, int classes)
    {
        int width = TSimd.Count;
        TVector largest = TSimd.Splat(float.NegativeInfinity);
        TVector second = largest, third = largest, fourth = largest;
        int c = 0;
        for (; c <= classes - (4 * width); c += 4 * width)
        {
            largest = TSimd.MaxNative(largest, *(TVector*)(x + c));
            second = TSimd.MaxNative(second, *(TVector*)(x + c + width));
            third = TSimd.MaxNative(third, *(TVector*)(x + c + (2 * width)));
            fourth = TSimd.MaxNative(fourth, *(TVector*)(x + c + (3 * width)));
        }
        largest = TSimd.MaxNative(TSimd.MaxNative(largest, second), TSimd.MaxNative(third, fourth));
        for (; c <= classes - width; c += width)
            largest = TSimd.MaxNative(largest, *(TVector*)(x + c));
        if (c < classes)
            largest = TSimd.MaxNative(largest, LoadOrNothing(x + c, classes - c));
        return TSimd.MaxNativeAcross(largest);
    }

    /// <summary>y = exp(x − shift); returns the sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float ExpAndSum(float* x, float* y, int classes, float shift)
    {
        int width = TSimd.Count;
        TVector s = TSimd.Splat(shift);
        TVector sum = default;
        int c = 0;
        for (; c <= classes - width; c += width)
        {
            TVector e = VectorMath<TSimd, TVector>.ExpOfShifted(TSimd.Subtract(*(TVector*)(x + c), s));
            sum = TSimd.Add(sum, e);
            *(TVector*)(y + c) = e;
        }
        if (c < classes)
        {
            TVector e = VectorMath<TSimd, TVector>.ExpOfShifted(TSimd.Subtract(LoadOrNothing(x + c, classes - c), s));
            sum = TSimd.Add(sum, e);
            TSimd.StorePartial(y + c, e, classes - c);
        }
        return TSimd.Sum(sum);
    }

    /// <summary>Σ exp(x − shift).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float SumOfExp(float* x, int classes, float shift)
    {
        int width = TSimd.Count;
        TVector s = TSimd.Splat(shift);
        TVector sum = default;
        for (int c = 0; c < classes; c += width)
        {
            TVector value = LoadOrNothing(x + c, Math.Min(width, classes - c));
            sum = TSimd.Add(sum, VectorMath<TSimd, TVector>.ExpOfShifted(TSimd.Subtract(value, s)));
        }
        return TSimd.Sum(sum);
    }

    /// <summary>Σ left · right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot(float* left, float* right, int classes)
    {
        int width = TSimd.Count;
        TVector sum = default;
        int c = 0;
        for (; c <= classes - width; c += width)
            sum = TSimd.MultiplyAdd(*(TVector*)(left + c), *(TVector*)(right + c), sum);
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
        TVector value = LoadOrNothing(x, classes);
        max = TSimd.MaxNativeAcross(value);
        return ExponentialsOf(TSimd.Subtract(value, TSimd.Splat(max)), y, classes);
    }

    /// <summary>The same; gives x − max, −∞ beyond the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ShortFromDifference(float* x, float* y, int classes, out TVector difference)
    {
        TVector value = LoadOrNothing(x, classes);
        difference = TSimd.Subtract(value, TSimd.Splat(TSimd.MaxNativeAcross(value)));
        return ExponentialsOf(difference, y, classes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float ExponentialsOf(TVector difference, float* y, int classes)
    {
        TVector e = VectorMath<TSimd, TVector>.ExpOfShifted(difference);
        float sum = TSimd.Sum(e);
        TSimd.StorePartial(y, TSimd.Multiply(e, TSimd.Splat(1f / sum)), classes);
        return sum;
    }

    /// <summary>y = log softmax(x) for a row of at most one vector, likewise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LogShort(float* x, float* y, int classes)
    {
        TVector value = LoadOrNothing(x, classes);
        value = TSimd.Subtract(value, TSimd.Splat(TSimd.MaxNativeAcross(value)));
        float sum = TSimd.Sum(VectorMath<TSimd, TVector>.ExpOfShifted(value));
        TSimd.StorePartial(y, TSimd.Subtract(value, VectorMath<TSimd, TVector>.Log(TSimd.Splat(sum))), classes);
    }

    /// <summary>y = softmax(x) for a row of any length. Returns Σ exp(x − max).</summary>
    /// <remarks>Not inlined: a loop over rows then keeps its pointers on the stack, and reading them back waits for a row's stores (1.9 times the time for 1,000 classes).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float Long(float* x, float* y, int classes, out float max)
    {
        max = Max(x, classes);
        float sum = ExpAndSum(x, y, classes, max);
        UnaryLoop<TSimd, TVector, ScaleOperator<TSimd, TVector>>.Run(y, y, classes, 1f / sum);
        return sum;
    }

    /// <summary>losses = totals · log(sums) − shifted for many rows, by the same polynomial as everywhere; without totals they are 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Losses(float* sums, float* totals, float* shifted, float* losses, int rows)
    {
        int width = TSimd.Count;
        for (int r = 0; r < rows; r += width)
        {
            int lanes = Math.Min(width, rows - r);
            TVector log = VectorMath<TSimd, TVector>.Log(TSimd.LoadPartial(sums + r, lanes));
            if (totals != null)
                log = TSimd.Multiply(log, TSimd.LoadPartial(totals + r, lanes));
            TSimd.StorePartial(losses + r, TSimd.Subtract(log, TSimd.LoadPartial(shifted + r, lanes)), lanes);
        }
    }

    /// <summary>The logarithm of one number by the same polynomial as everywhere: the bits do not depend on the system's library.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Log(float x)
        // All lanes are equal, and their largest is in a register sooner than a lane stored under a mask is read back.
        => TSimd.MaxNativeAcross(VectorMath<TSimd, TVector>.Log(TSimd.Splat(x)));

    // Lanes beyond the row hold −∞: no maximum, and an exponential of 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector LoadOrNothing(float* x, int lanes)
        => TSimd.Select(TSimd.FirstLanes(lanes), TSimd.LoadPartial(x, lanes), TSimd.Splat(float.NegativeInfinity));
}

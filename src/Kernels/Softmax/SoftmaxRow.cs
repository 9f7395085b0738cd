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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Max(float* x, int classes)
    {
        int width = TSimd.Count;
        TVector largest = TSimd.Splat(float.NegativeInfinity);
        int c = 0;
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
            TVector e = VectorMath<TSimd, TVector>.Exp(TSimd.Subtract(TSimd.Load(x + c), s));
            sum = TSimd.Add(sum, e);
            TSimd.Store(y + c, e);
        }
        if (c < classes)
        {
            int lanes = classes - c;
            TVector e = VectorMath<TSimd, TVector>.Exp(TSimd.Subtract(TSimd.LoadPartial(x + c, lanes), s));
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
            TVector e = VectorMath<TSimd, TVector>.Exp(TSimd.Subtract(TSimd.LoadPartial(x + c, lanes), s));
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

    /// <summary>The logarithm of one number by the same polynomial as everywhere: the bits do not depend on the system's library.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Log(float x)
    {
        float result;
        TSimd.StorePartial(&result, VectorMath<TSimd, TVector>.Log(TSimd.Splat(x)), 1);
        return result;
    }
}

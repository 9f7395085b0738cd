using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// Up to four rows that are sums of multiples of up to four other rows: <c>y[o, j] (+)= Σ x[i, j] · α c[o, i]</c>, j along the vectors. The gradients of a
/// layer with few units are made of it: that of the inputs (many y, few x) and, transposed, that of the weights (few y, many x).
/// </summary>
/// <remarks>Register budget: 4 by 4 take 16 factors + 4 sums + 1 of x = 21 of 32; with 16 registers the driver takes at most 8 factors
/// (8 + 4 + 1 or 8 + 2 + 1).</remarks>
internal static unsafe class NarrowUpdate<TSimd, TVector, TOutputs, TInputs>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TOutputs : unmanaged, ITileSize
    where TInputs : unmanaged, ITileSize
{
    /// <param name="x">The rows that are read.</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="factors">Element (0, 0) of c.</param>
    /// <param name="outputStride">Floats from c[o, i] to c[o + 1, i].</param>
    /// <param name="inputStride">Floats from c[o, i] to c[o, i + 1].</param>
    /// <param name="alpha">α.</param>
    /// <param name="y">The rows that are written.</param>
    /// <param name="yStride">Floats from one row of y to the next.</param>
    /// <param name="length">Elements of a row.</param>
    /// <param name="add">True to add to y.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* x, nint xStride, float* factors, nint outputStride, nint inputStride, float alpha, float* y, nint yStride, int length, bool add)
    {
        TVector f00 = TSimd.Zero, f10 = TSimd.Zero, f20 = TSimd.Zero, f30 = TSimd.Zero;
        TVector f01 = TSimd.Zero, f11 = TSimd.Zero, f21 = TSimd.Zero, f31 = TSimd.Zero;
        TVector f02 = TSimd.Zero, f12 = TSimd.Zero, f22 = TSimd.Zero, f32 = TSimd.Zero;
        TVector f03 = TSimd.Zero, f13 = TSimd.Zero, f23 = TSimd.Zero, f33 = TSimd.Zero;
        f00 = TSimd.Splat(alpha * *factors);
        if (sizeof(TOutputs) > 1)
            f10 = TSimd.Splat(alpha * *(factors + outputStride));
        if (sizeof(TOutputs) > 2)
            f20 = TSimd.Splat(alpha * *(factors + (2 * outputStride)));
        if (sizeof(TOutputs) > 3)
            f30 = TSimd.Splat(alpha * *(factors + (3 * outputStride)));
        if (sizeof(TInputs) > 1)
            f01 = TSimd.Splat(alpha * *(factors + inputStride));
        if (sizeof(TOutputs) > 1 && sizeof(TInputs) > 1)
            f11 = TSimd.Splat(alpha * *(factors + outputStride + inputStride));
        if (sizeof(TOutputs) > 2 && sizeof(TInputs) > 1)
            f21 = TSimd.Splat(alpha * *(factors + (2 * outputStride) + inputStride));
        if (sizeof(TOutputs) > 3 && sizeof(TInputs) > 1)
            f31 = TSimd.Splat(alpha * *(factors + (3 * outputStride) + inputStride));
        if (sizeof(TInputs) > 2)
            f02 = TSimd.Splat(alpha * *(factors + (2 * inputStride)));
        if (sizeof(TOutputs) > 1 && sizeof(TInputs) > 2)
            f12 = TSimd.Splat(alpha * *(factors + outputStride + (2 * inputStride)));
        if (sizeof(TOutputs) > 2 && sizeof(TInputs) > 2)
            f22 = TSimd.Splat(alpha * *(factors + (2 * outputStride) + (2 * inputStride)));
        if (sizeof(TOutputs) > 3 && sizeof(TInputs) > 2)
            f32 = TSimd.Splat(alpha * *(factors + (3 * outputStride) + (2 * inputStride)));
        if (sizeof(TInputs) > 3)
            f03 = TSimd.Splat(alpha * *(factors + (3 * inputStride)));
        if (sizeof(TOutputs) > 1 && sizeof(TInputs) > 3)
            f13 = TSimd.Splat(alpha * *(factors + outputStride + (3 * inputStride)));
        if (sizeof(TOutputs) > 2 && sizeof(TInputs) > 3)
            f23 = TSimd.Splat(alpha * *(factors + (2 * outputStride) + (3 * inputStride)));
        if (sizeof(TOutputs) > 3 && sizeof(TInputs) > 3)
            f33 = TSimd.Splat(alpha * *(factors + (3 * outputStride) + (3 * inputStride)));
        float* x1 = x + xStride, x2 = x1 + xStride, x3 = x2 + xStride;
        float* y1 = y + yStride, y2 = y1 + yStride, y3 = y2 + yStride;
        nint j = 0;
        for (; j <= length - TSimd.Count; j += TSimd.Count)
        {
            Step<WholeVectors<TSimd, TVector>>(x, x1, x2, x3, y, y1, y2, y3, j, TSimd.Count, add,
                f00, f10, f20, f30, f01, f11, f21, f31,
                f02, f12, f22, f32, f03, f13, f23, f33);
        }
        if (j < length)
        {
            Step<FirstLanes<TSimd, TVector>>(x, x1, x2, x3, y, y1, y2, y3, j, (int)(length - j), add,
                f00, f10, f20, f30, f01, f11, f21, f31,
                f02, f12, f22, f32, f03, f13, f23, f33);
        }
    }

    /// <summary>The next elements of all rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TAccess>(
        float* x, float* x1, float* x2, float* x3, float* y, float* y1, float* y2, float* y3, nint j, int count, bool add,
        TVector f00, TVector f10, TVector f20, TVector f30, TVector f01, TVector f11, TVector f21, TVector f31,
        TVector f02, TVector f12, TVector f22, TVector f32, TVector f03, TVector f13, TVector f23, TVector f33)
        where TAccess : struct, IVectorAccess<TVector>
    {
        TVector s0 = TSimd.Zero, s1 = TSimd.Zero, s2 = TSimd.Zero, s3 = TSimd.Zero;
        if (add)
        {
            s0 = TAccess.Load(y + j, count);
            if (sizeof(TOutputs) > 1)
                s1 = TAccess.Load(y1 + j, count);
            if (sizeof(TOutputs) > 2)
                s2 = TAccess.Load(y2 + j, count);
            if (sizeof(TOutputs) > 3)
                s3 = TAccess.Load(y3 + j, count);
        }
        Add(TAccess.Load(x + j, count), f00, f10, f20, f30, ref s0, ref s1, ref s2, ref s3);
        if (sizeof(TInputs) > 1)
            Add(TAccess.Load(x1 + j, count), f01, f11, f21, f31, ref s0, ref s1, ref s2, ref s3);
        if (sizeof(TInputs) > 2)
            Add(TAccess.Load(x2 + j, count), f02, f12, f22, f32, ref s0, ref s1, ref s2, ref s3);
        if (sizeof(TInputs) > 3)
            Add(TAccess.Load(x3 + j, count), f03, f13, f23, f33, ref s0, ref s1, ref s2, ref s3);
        TAccess.Store(y + j, s0, count);
        if (sizeof(TOutputs) > 1)
            TAccess.Store(y1 + j, s1, count);
        if (sizeof(TOutputs) > 2)
            TAccess.Store(y2 + j, s2, count);
        if (sizeof(TOutputs) > 3)
            TAccess.Store(y3 + j, s3, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(TVector v, TVector f0, TVector f1, TVector f2, TVector f3, ref TVector s0, ref TVector s1, ref TVector s2, ref TVector s3)
    {
        s0 = TSimd.MultiplyAdd(v, f0, s0);
        if (sizeof(TOutputs) > 1)
            s1 = TSimd.MultiplyAdd(v, f1, s1);
        if (sizeof(TOutputs) > 2)
            s2 = TSimd.MultiplyAdd(v, f2, s2);
        if (sizeof(TOutputs) > 3)
            s3 = TSimd.MultiplyAdd(v, f3, s3);
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// Up to four rows that are sums of multiples of up to four other rows: <c>y[o, j] (+)= Σ x[i, j] · c[o, i]</c>, j along the vectors. The gradients of a
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
    /// <param name="y">The rows that are written.</param>
    /// <param name="yStride">Floats from one row of y to the next.</param>
    /// <param name="length">Elements of a row.</param>
    /// <param name="add">True to add to y.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* x, nint xStride, float* factors, nint outputStride, nint inputStride, float* y, nint yStride, int length, bool add)
    {
        TVector f00 = TSimd.Zero, f10 = TSimd.Zero, f20 = TSimd.Zero, f30 = TSimd.Zero;
        TVector f01 = TSimd.Zero, f11 = TSimd.Zero, f21 = TSimd.Zero, f31 = TSimd.Zero;
        TVector f02 = TSimd.Zero, f12 = TSimd.Zero, f22 = TSimd.Zero, f32 = TSimd.Zero;
        TVector f03 = TSimd.Zero, f13 = TSimd.Zero, f23 = TSimd.Zero, f33 = TSimd.Zero;
        f00 = TSimd.Splat(*factors);
        if (sizeof(TOutputs) > 1)
            f10 = TSimd.Splat(*(factors + outputStride));
        if (sizeof(TOutputs) > 2)
            f20 = TSimd.Splat(*(factors + (2 * outputStride)));
        if (sizeof(TOutputs) > 3)
            f30 = TSimd.Splat(*(factors + (3 * outputStride)));
        if (sizeof(TInputs) > 1)
            f01 = TSimd.Splat(*(factors + inputStride));
        if (sizeof(TOutputs) > 1 && sizeof(TInputs) > 1)
            f11 = TSimd.Splat(*(factors + outputStride + inputStride));
        if (sizeof(TOutputs) > 2 && sizeof(TInputs) > 1)
            f21 = TSimd.Splat(*(factors + (2 * outputStride) + inputStride));
        if (sizeof(TOutputs) > 3 && sizeof(TInputs) > 1)
            f31 = TSimd.Splat(*(factors + (3 * outputStride) + inputStride));
        if (sizeof(TInputs) > 2)
            f02 = TSimd.Splat(*(factors + (2 * inputStride)));
        if (sizeof(TOutputs) > 1 && sizeof(TInputs) > 2)
            f12 = TSimd.Splat(*(factors + outputStride + (2 * inputStride)));
        if (sizeof(TOutputs) > 2 && sizeof(TInputs) > 2)
            f22 = TSimd.Splat(*(factors + (2 * outputStride) + (2 * inputStride)));
        if (sizeof(TOutputs) > 3 && sizeof(TInputs) > 2)
            f32 = TSimd.Splat(*(factors + (3 * outputStride) + (2 * inputStride)));
        if (sizeof(TInputs) > 3)
            f03 = TSimd.Splat(*(factors + (3 * inputStride)));
        if (sizeof(TOutputs) > 1 && sizeof(TInputs) > 3)
            f13 = TSimd.Splat(*(factors + outputStride + (3 * inputStride)));
        if (sizeof(TOutputs) > 2 && sizeof(TInputs) > 3)
            f23 = TSimd.Splat(*(factors + (2 * outputStride) + (3 * inputStride)));
        if (sizeof(TOutputs) > 3 && sizeof(TInputs) > 3)
            f33 = TSimd.Splat(*(factors + (3 * outputStride) + (3 * inputStride)));
        float* x1 = x + xStride, x2 = x1 + xStride, x3 = x2 + xStride;
        float* y1 = y + yStride, y2 = y1 + yStride, y3 = y2 + yStride;
        nint j = 0;
        for (; j <= length - TSimd.Count; j += TSimd.Count)
        {
            TVector s0 = TSimd.Zero, s1 = TSimd.Zero, s2 = TSimd.Zero, s3 = TSimd.Zero;
            if (add)
            {
                s0 = TSimd.Load(y + j);
                if (sizeof(TOutputs) > 1)
                    s1 = TSimd.Load(y1 + j);
                if (sizeof(TOutputs) > 2)
                    s2 = TSimd.Load(y2 + j);
                if (sizeof(TOutputs) > 3)
                    s3 = TSimd.Load(y3 + j);
            }
            TVector v = TSimd.Load(x + j);
            s0 = TSimd.MultiplyAdd(v, f00, s0);
            if (sizeof(TOutputs) > 1)
                s1 = TSimd.MultiplyAdd(v, f10, s1);
            if (sizeof(TOutputs) > 2)
                s2 = TSimd.MultiplyAdd(v, f20, s2);
            if (sizeof(TOutputs) > 3)
                s3 = TSimd.MultiplyAdd(v, f30, s3);
            if (sizeof(TInputs) > 1)
            {
                v = TSimd.Load(x1 + j);
                s0 = TSimd.MultiplyAdd(v, f01, s0);
                if (sizeof(TOutputs) > 1)
                    s1 = TSimd.MultiplyAdd(v, f11, s1);
                if (sizeof(TOutputs) > 2)
                    s2 = TSimd.MultiplyAdd(v, f21, s2);
                if (sizeof(TOutputs) > 3)
                    s3 = TSimd.MultiplyAdd(v, f31, s3);
            }
            if (sizeof(TInputs) > 2)
            {
                v = TSimd.Load(x2 + j);
                s0 = TSimd.MultiplyAdd(v, f02, s0);
                if (sizeof(TOutputs) > 1)
                    s1 = TSimd.MultiplyAdd(v, f12, s1);
                if (sizeof(TOutputs) > 2)
                    s2 = TSimd.MultiplyAdd(v, f22, s2);
                if (sizeof(TOutputs) > 3)
                    s3 = TSimd.MultiplyAdd(v, f32, s3);
            }
            if (sizeof(TInputs) > 3)
            {
                v = TSimd.Load(x3 + j);
                s0 = TSimd.MultiplyAdd(v, f03, s0);
                if (sizeof(TOutputs) > 1)
                    s1 = TSimd.MultiplyAdd(v, f13, s1);
                if (sizeof(TOutputs) > 2)
                    s2 = TSimd.MultiplyAdd(v, f23, s2);
                if (sizeof(TOutputs) > 3)
                    s3 = TSimd.MultiplyAdd(v, f33, s3);
            }
            TSimd.Store(y + j, s0);
            if (sizeof(TOutputs) > 1)
                TSimd.Store(y1 + j, s1);
            if (sizeof(TOutputs) > 2)
                TSimd.Store(y2 + j, s2);
            if (sizeof(TOutputs) > 3)
                TSimd.Store(y3 + j, s3);
        }
        if (j < length)
        {
            int rest = (int)(length - j);
            TVector s0 = TSimd.Zero, s1 = TSimd.Zero, s2 = TSimd.Zero, s3 = TSimd.Zero;
            if (add)
            {
                s0 = TSimd.LoadPartial(y + j, rest);
                if (sizeof(TOutputs) > 1)
                    s1 = TSimd.LoadPartial(y1 + j, rest);
                if (sizeof(TOutputs) > 2)
                    s2 = TSimd.LoadPartial(y2 + j, rest);
                if (sizeof(TOutputs) > 3)
                    s3 = TSimd.LoadPartial(y3 + j, rest);
            }
            TVector v = TSimd.LoadPartial(x + j, rest);
            s0 = TSimd.MultiplyAdd(v, f00, s0);
            if (sizeof(TOutputs) > 1)
                s1 = TSimd.MultiplyAdd(v, f10, s1);
            if (sizeof(TOutputs) > 2)
                s2 = TSimd.MultiplyAdd(v, f20, s2);
            if (sizeof(TOutputs) > 3)
                s3 = TSimd.MultiplyAdd(v, f30, s3);
            if (sizeof(TInputs) > 1)
            {
                v = TSimd.LoadPartial(x1 + j, rest);
                s0 = TSimd.MultiplyAdd(v, f01, s0);
                if (sizeof(TOutputs) > 1)
                    s1 = TSimd.MultiplyAdd(v, f11, s1);
                if (sizeof(TOutputs) > 2)
                    s2 = TSimd.MultiplyAdd(v, f21, s2);
                if (sizeof(TOutputs) > 3)
                    s3 = TSimd.MultiplyAdd(v, f31, s3);
            }
            if (sizeof(TInputs) > 2)
            {
                v = TSimd.LoadPartial(x2 + j, rest);
                s0 = TSimd.MultiplyAdd(v, f02, s0);
                if (sizeof(TOutputs) > 1)
                    s1 = TSimd.MultiplyAdd(v, f12, s1);
                if (sizeof(TOutputs) > 2)
                    s2 = TSimd.MultiplyAdd(v, f22, s2);
                if (sizeof(TOutputs) > 3)
                    s3 = TSimd.MultiplyAdd(v, f32, s3);
            }
            if (sizeof(TInputs) > 3)
            {
                v = TSimd.LoadPartial(x3 + j, rest);
                s0 = TSimd.MultiplyAdd(v, f03, s0);
                if (sizeof(TOutputs) > 1)
                    s1 = TSimd.MultiplyAdd(v, f13, s1);
                if (sizeof(TOutputs) > 2)
                    s2 = TSimd.MultiplyAdd(v, f23, s2);
                if (sizeof(TOutputs) > 3)
                    s3 = TSimd.MultiplyAdd(v, f33, s3);
            }
            TSimd.StorePartial(y + j, s0, rest);
            if (sizeof(TOutputs) > 1)
                TSimd.StorePartial(y1 + j, s1, rest);
            if (sizeof(TOutputs) > 2)
                TSimd.StorePartial(y2 + j, s2, rest);
            if (sizeof(TOutputs) > 3)
                TSimd.StorePartial(y3 + j, s3, rest);
        }
    }
}

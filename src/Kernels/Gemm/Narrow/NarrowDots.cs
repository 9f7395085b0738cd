using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// Up to four rows of A times up to four rows of Bᵀ, a part of each sum: <c>s[r, c] += Σ a[r, k] · b[c, k]</c>, k along the vectors. The sums stay
/// vectors from one block of K to the next and are added across at the very end.
/// </summary>
/// <remarks>Register budget: 4 by 4 take 16 sums + 4 of A + 1 of B = 21 of 32; with 16 registers the driver takes 2 rows (8 + 2 + 1).</remarks>
internal static unsafe class NarrowDots<TSimd, TVector, TRows, TColumns>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TRows : unmanaged, ITileSize
    where TColumns : unmanaged, ITileSize
{
    /// <param name="a">Rows of A.</param>
    /// <param name="aStride">Floats from one row of A to the next.</param>
    /// <param name="b">Rows of Bᵀ.</param>
    /// <param name="bStride">Floats from one row of Bᵀ to the next.</param>
    /// <param name="length">Terms of this part.</param>
    /// <param name="sums">A vector for each sum, columns side by side.</param>
    /// <param name="sumsStride">Floats from one row of sums to the next.</param>
    /// <param name="first">True when the sums start here.</param>
    /// <param name="groups">How many times so many rows: a call takes as long as 60 terms of them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* a, nint aStride, float* b, nint bStride, int length, float* sums, nint sumsStride, bool first, int groups)
    {
        float* b1 = b + bStride, b2 = b1 + bStride, b3 = b2 + bStride;
        do
        {
            TVector s00 = default, s01 = default, s02 = default, s03 = default;
            TVector s10 = default, s11 = default, s12 = default, s13 = default;
            TVector s20 = default, s21 = default, s22 = default, s23 = default;
            TVector s30 = default, s31 = default, s32 = default, s33 = default;
            if (!first)
            {
                s00 = *(TVector*)sums;
                if (sizeof(TColumns) > 1)
                    s01 = ((TVector*)sums)[1];
                if (sizeof(TColumns) > 2)
                    s02 = ((TVector*)sums)[2];
                if (sizeof(TColumns) > 3)
                    s03 = ((TVector*)sums)[3];
                if (sizeof(TRows) > 1)
                    s10 = *(TVector*)(sums + sumsStride);
                if (sizeof(TRows) > 1 && sizeof(TColumns) > 1)
                    s11 = ((TVector*)(sums + sumsStride))[1];
                if (sizeof(TRows) > 1 && sizeof(TColumns) > 2)
                    s12 = ((TVector*)(sums + sumsStride))[2];
                if (sizeof(TRows) > 1 && sizeof(TColumns) > 3)
                    s13 = ((TVector*)(sums + sumsStride))[3];
                if (sizeof(TRows) > 2)
                    s20 = *(TVector*)(sums + (2 * sumsStride));
                if (sizeof(TRows) > 2 && sizeof(TColumns) > 1)
                    s21 = ((TVector*)(sums + (2 * sumsStride)))[1];
                if (sizeof(TRows) > 2 && sizeof(TColumns) > 2)
                    s22 = ((TVector*)(sums + (2 * sumsStride)))[2];
                if (sizeof(TRows) > 2 && sizeof(TColumns) > 3)
                    s23 = ((TVector*)(sums + (2 * sumsStride)))[3];
                if (sizeof(TRows) > 3)
                    s30 = *(TVector*)(sums + (3 * sumsStride));
                if (sizeof(TRows) > 3 && sizeof(TColumns) > 1)
                    s31 = ((TVector*)(sums + (3 * sumsStride)))[1];
                if (sizeof(TRows) > 3 && sizeof(TColumns) > 2)
                    s32 = ((TVector*)(sums + (3 * sumsStride)))[2];
                if (sizeof(TRows) > 3 && sizeof(TColumns) > 3)
                    s33 = ((TVector*)(sums + (3 * sumsStride)))[3];
            }
            float* a1 = a + aStride, a2 = a1 + aStride, a3 = a2 + aStride;
            nint k = 0;
            for (; k <= length - TSimd.Count; k += TSimd.Count)
            {
                Step<WholeVectors<TSimd, TVector>>(
                    a, a1, a2, a3, b, b1, b2, b3, k, TSimd.Count,
                    ref s00, ref s01, ref s02, ref s03, ref s10, ref s11, ref s12, ref s13, ref s20, ref s21, ref s22, ref s23, ref s30, ref s31, ref s32, ref s33);
            }
            if (k < length)
            {
                Step<FirstLanes<TSimd, TVector>>(
                    a, a1, a2, a3, b, b1, b2, b3, k, (int)(length - k),
                    ref s00, ref s01, ref s02, ref s03, ref s10, ref s11, ref s12, ref s13, ref s20, ref s21, ref s22, ref s23, ref s30, ref s31, ref s32, ref s33);
            }
            *(TVector*)sums = s00;
            if (sizeof(TColumns) > 1)
                ((TVector*)sums)[1] = s01;
            if (sizeof(TColumns) > 2)
                ((TVector*)sums)[2] = s02;
            if (sizeof(TColumns) > 3)
                ((TVector*)sums)[3] = s03;
            if (sizeof(TRows) > 1)
                *(TVector*)(sums + sumsStride) = s10;
            if (sizeof(TRows) > 1 && sizeof(TColumns) > 1)
                ((TVector*)(sums + sumsStride))[1] = s11;
            if (sizeof(TRows) > 1 && sizeof(TColumns) > 2)
                ((TVector*)(sums + sumsStride))[2] = s12;
            if (sizeof(TRows) > 1 && sizeof(TColumns) > 3)
                ((TVector*)(sums + sumsStride))[3] = s13;
            if (sizeof(TRows) > 2)
                *(TVector*)(sums + (2 * sumsStride)) = s20;
            if (sizeof(TRows) > 2 && sizeof(TColumns) > 1)
                ((TVector*)(sums + (2 * sumsStride)))[1] = s21;
            if (sizeof(TRows) > 2 && sizeof(TColumns) > 2)
                ((TVector*)(sums + (2 * sumsStride)))[2] = s22;
            if (sizeof(TRows) > 2 && sizeof(TColumns) > 3)
                ((TVector*)(sums + (2 * sumsStride)))[3] = s23;
            if (sizeof(TRows) > 3)
                *(TVector*)(sums + (3 * sumsStride)) = s30;
            if (sizeof(TRows) > 3 && sizeof(TColumns) > 1)
                ((TVector*)(sums + (3 * sumsStride)))[1] = s31;
            if (sizeof(TRows) > 3 && sizeof(TColumns) > 2)
                ((TVector*)(sums + (3 * sumsStride)))[2] = s32;
            if (sizeof(TRows) > 3 && sizeof(TColumns) > 3)
                ((TVector*)(sums + (3 * sumsStride)))[3] = s33;
            a += sizeof(TRows) * aStride;
            sums += sizeof(TRows) * sumsStride;
        }
        while (--groups > 0);
    }

    /// <summary>The next terms of all sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TAccess>(
        float* a, float* a1, float* a2, float* a3, float* b, float* b1, float* b2, float* b3, nint k, int count,
        ref TVector s00, ref TVector s01, ref TVector s02, ref TVector s03, ref TVector s10, ref TVector s11, ref TVector s12, ref TVector s13,
        ref TVector s20, ref TVector s21, ref TVector s22, ref TVector s23, ref TVector s30, ref TVector s31, ref TVector s32, ref TVector s33)
        where TAccess : struct, IVectorAccess<TVector>
    {
        TVector v0 = TAccess.Load(a + k, count), v1 = default, v2 = default, v3 = default;
        if (sizeof(TRows) > 1)
            v1 = TAccess.Load(a1 + k, count);
        if (sizeof(TRows) > 2)
            v2 = TAccess.Load(a2 + k, count);
        if (sizeof(TRows) > 3)
            v3 = TAccess.Load(a3 + k, count);
        Column(TAccess.Load(b + k, count), v0, v1, v2, v3, ref s00, ref s10, ref s20, ref s30);
        if (sizeof(TColumns) > 1)
            Column(TAccess.Load(b1 + k, count), v0, v1, v2, v3, ref s01, ref s11, ref s21, ref s31);
        if (sizeof(TColumns) > 2)
            Column(TAccess.Load(b2 + k, count), v0, v1, v2, v3, ref s02, ref s12, ref s22, ref s32);
        if (sizeof(TColumns) > 3)
            Column(TAccess.Load(b3 + k, count), v0, v1, v2, v3, ref s03, ref s13, ref s23, ref s33);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column(TVector w, TVector v0, TVector v1, TVector v2, TVector v3, ref TVector s0, ref TVector s1, ref TVector s2, ref TVector s3)
    {
        s0 = TSimd.MultiplyAdd(v0, w, s0);
        if (sizeof(TRows) > 1)
            s1 = TSimd.MultiplyAdd(v1, w, s1);
        if (sizeof(TRows) > 2)
            s2 = TSimd.MultiplyAdd(v2, w, s2);
        if (sizeof(TRows) > 3)
            s3 = TSimd.MultiplyAdd(v3, w, s3);
    }
}

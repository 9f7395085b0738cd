using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlatFuse.Kernels;

/// <summary>
/// Two, four or six rows of A times four rows of a transposed B: <c>c[r, n] = Σ a[r, k] · b[n, k]</c>, k along the vectors. Neither operand is copied; the lanes of the sums are added
/// at the end, eight sums at a time.
/// </summary>
/// <remarks>Register budget of six rows: 24 sums + 4 of B + 1 of A = 29 of 32, and 10 loads for 24 multiply-adds. With 16 registers the driver takes two: 8 + 4 + 1.</remarks>
internal static unsafe class GemmDotTile<TSimd, TVector, TRows>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TRows : unmanaged, ITileSize
{
    /// <summary>Columns of the tile, rows of the transposed B.</summary>
    public const int Columns = 4;

    /// <summary>One tile after the other.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(GemmDotCall* call)
    {
        do
        {
            TVector s00 = default, s01 = default, s02 = default, s03 = default;
            TVector s10 = default, s11 = default, s12 = default, s13 = default;
            TVector s20 = default, s21 = default, s22 = default, s23 = default;
            TVector s30 = default, s31 = default, s32 = default, s33 = default;
            TVector s40 = default, s41 = default, s42 = default, s43 = default;
            TVector s50 = default, s51 = default, s52 = default, s53 = default;
            nint length = call->K, cStride = call->RowStrideC;
            float* a = call->A, b = call->B, c = call->C;
            nint aStride = call->RowStrideA, bStride = call->RowStrideB;
            float* a1 = a + aStride, a2 = a1 + aStride, a3 = a2 + aStride, a4 = a3 + aStride, a5 = a4 + aStride;
            float* b1 = b + bStride, b2 = b1 + bStride, b3 = b2 + bStride;
            nint k = 0;
            for (; k <= length - TSimd.Count; k += TSimd.Count)
            {
                TVector v0 = *(TVector*)(b + k), v1 = *(TVector*)(b1 + k), v2 = *(TVector*)(b2 + k), v3 = *(TVector*)(b3 + k);
                Row(*(TVector*)(a + k), v0, v1, v2, v3, ref s00, ref s01, ref s02, ref s03);
                Row(*(TVector*)(a1 + k), v0, v1, v2, v3, ref s10, ref s11, ref s12, ref s13);
                if (sizeof(TRows) > 2)
                {
                    Row(*(TVector*)(a2 + k), v0, v1, v2, v3, ref s20, ref s21, ref s22, ref s23);
                    Row(*(TVector*)(a3 + k), v0, v1, v2, v3, ref s30, ref s31, ref s32, ref s33);
                }
                if (sizeof(TRows) > 4)
                {
                    Row(*(TVector*)(a4 + k), v0, v1, v2, v3, ref s40, ref s41, ref s42, ref s43);
                    Row(*(TVector*)(a5 + k), v0, v1, v2, v3, ref s50, ref s51, ref s52, ref s53);
                }
            }
            if (k < length)
            {
                int rest = (int)(length - k);
                TVector v0 = TSimd.LoadPartial(b + k, rest), v1 = TSimd.LoadPartial(b1 + k, rest), v2 = TSimd.LoadPartial(b2 + k, rest), v3 = TSimd.LoadPartial(b3 + k, rest);
                Row(TSimd.LoadPartial(a + k, rest), v0, v1, v2, v3, ref s00, ref s01, ref s02, ref s03);
                Row(TSimd.LoadPartial(a1 + k, rest), v0, v1, v2, v3, ref s10, ref s11, ref s12, ref s13);
                if (sizeof(TRows) > 2)
                {
                    Row(TSimd.LoadPartial(a2 + k, rest), v0, v1, v2, v3, ref s20, ref s21, ref s22, ref s23);
                    Row(TSimd.LoadPartial(a3 + k, rest), v0, v1, v2, v3, ref s30, ref s31, ref s32, ref s33);
                }
                if (sizeof(TRows) > 4)
                {
                    Row(TSimd.LoadPartial(a4 + k, rest), v0, v1, v2, v3, ref s40, ref s41, ref s42, ref s43);
                    Row(TSimd.LoadPartial(a5 + k, rest), v0, v1, v2, v3, ref s50, ref s51, ref s52, ref s53);
                }
            }
            Store(s00, s01, s02, s03, s10, s11, s12, s13, c, c + cStride);
            if (sizeof(TRows) > 2)
                Store(s20, s21, s22, s23, s30, s31, s32, s33, c + (2 * cStride), c + (3 * cStride));
            if (sizeof(TRows) > 4)
                Store(s40, s41, s42, s43, s50, s51, s52, s53, c + (4 * cStride), c + (5 * cStride));
            call->B = b + (Columns * bStride);
            call->C = c + Columns;
        }
        while (--call->Tiles > 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(TVector a, TVector v0, TVector v1, TVector v2, TVector v3, ref TVector s0, ref TVector s1, ref TVector s2, ref TVector s3)
    {
        s0 = TSimd.MultiplyAdd(a, v0, s0);
        s1 = TSimd.MultiplyAdd(a, v1, s1);
        s2 = TSimd.MultiplyAdd(a, v2, s2);
        s3 = TSimd.MultiplyAdd(a, v3, s3);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector s0, TVector s1, TVector s2, TVector s3, TVector t0, TVector t1, TVector t2, TVector t3, float* c, float* d)
    {
        // Both rows lie in the lower row's place first: their halves are then forwarded from the one store.
        EightFloats eight;
        float* sums = (float*)&eight;
        TSimd.SumEight(s0, s1, s2, s3, t0, t1, t2, t3, sums);
        *(Vector128<float>*)c = *(Vector128<float>*)sums;
        *(Vector128<float>*)d = *(Vector128<float>*)(sums + Columns);
    }

    [InlineArray(2 * Columns)]
    private struct EightFloats
    {
        private float _first;
    }
}

/// <summary>The operands of tiles of the same rows of A.</summary>
internal unsafe struct GemmDotCall
{
    /// <summary>Rows of A, contiguous.</summary>
    public float* A;

    public nint RowStrideA;

    /// <summary>Rows of Bᵀ, contiguous.</summary>
    public float* B;

    public nint RowStrideB;

    /// <summary>Where the sums go.</summary>
    public float* C;

    public nint RowStrideC;

    /// <summary>Terms of a sum.</summary>
    public nint K;

    /// <summary>How many tiles, at least one: the next one's rows of Bᵀ are the next four.</summary>
    public nint Tiles;
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// The wide tile family: up to 6 rows by 4 vectors, or 9 by 3, of C in registers: for products of few rows, where a tall tile
/// would have too few accumulators to hide the latency of the multiply-add, and for widths that 3 or 4 vectors divide better.
/// </summary>
/// <remarks>Register budget: 6 rows by 4 vectors take 24 accumulators + 4 of B + 1 element of A = 29 of 32; 9 by 3 take 27 + 3 + 1 = 31. With 16
/// registers the driver takes at most 2 rows of 4 (8 + 4 + 1). See <see cref="GemmTileTall{TSimd, TVector, TRows, TColumns, TDuty}"/> for the form of the code.</remarks>
internal static unsafe class GemmTileWide<TSimd, TVector, TRows, TColumns, TDuty>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TRows : unmanaged, ITileSize
    where TColumns : unmanaged, ITileSize
    where TDuty : unmanaged, ITileDuty
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(GemmTileCall* call)
    {
        int width = TSimd.Count;
        TVector c00 = default, c01 = default, c02 = default, c03 = default;
        TVector c10 = default, c11 = default, c12 = default, c13 = default;
        TVector c20 = default, c21 = default, c22 = default, c23 = default;
        TVector c30 = default, c31 = default, c32 = default, c33 = default;
        TVector c40 = default, c41 = default, c42 = default, c43 = default;
        TVector c50 = default, c51 = default, c52 = default, c53 = default;
        TVector c60 = default, c61 = default, c62 = default;
        TVector c70 = default, c71 = default, c72 = default;
        TVector c80 = default, c81 = default, c82 = default;

        // Bytes: x86 addresses p, p + row and p + 2·row without further instructions, so three rows share one moving pointer.
        nint row = call->RowStrideA * sizeof(float);
        nint column = call->ColumnStrideA * sizeof(float);
        byte* a0 = (byte*)call->A;
        byte* a3 = a0 + (3 * row);
        byte* a6 = a3 + (3 * row);
        float* b = call->B;
        nint step = call->RowStrideB;
        nint k = call->K;
        float* packed = sizeof(TDuty) == 2 ? call->Packed : null;
        float* fetched = sizeof(TDuty) == 3 ? call->Fetch : null;
        int untilFetch = 0;
        TVector b0, b1, b2, b3, none = default;
        if (sizeof(TDuty) > 1 && sizeof(TDuty) < 5)
        {
            // Two terms a round where the terms of A are contiguous or its rows are, and constant offsets with them: what a step takes is its number of instructions
            // where a neighbour uses the same core: 78 for two terms of 9 × 3, 92 for twice one term.
            nint pairs = k >> 1;
            if (pairs > 0 && column == sizeof(float))
            {
                k &= 1;
                do
                {
                    if (sizeof(TDuty) == 3)
                        fetched = Fetch(call, fetched, ref untilFetch, 2);
                    Load(b, 0, out b0, out b1, out b2, out b3);
                    Rows(0, a0, 0, row, b0, b1, b2, b3, ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13, ref c20, ref c21, ref c22, ref c23);
                    if (sizeof(TRows) > 3)
                        Rows(3, a3, 0, row, b0, b1, b2, b3, ref c30, ref c31, ref c32, ref c33, ref c40, ref c41, ref c42, ref c43, ref c50, ref c51, ref c52, ref c53);
                    if (sizeof(TRows) > 6)
                        Rows(6, a6, 0, row, b0, b1, b2, b3, ref c60, ref c61, ref c62, ref none, ref c70, ref c71, ref c72, ref none, ref c80, ref c81, ref c82, ref none);
                    if (sizeof(TDuty) == 2)
                        packed = Pack(packed, b0, b1, b2, b3);
                    Load(b, step, out b0, out b1, out b2, out b3);
                    Rows(0, a0, sizeof(float), row, b0, b1, b2, b3, ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13, ref c20, ref c21, ref c22, ref c23);
                    if (sizeof(TRows) > 3)
                        Rows(3, a3, sizeof(float), row, b0, b1, b2, b3, ref c30, ref c31, ref c32, ref c33, ref c40, ref c41, ref c42, ref c43, ref c50, ref c51, ref c52, ref c53);
                    if (sizeof(TRows) > 6)
                        Rows(6, a6, sizeof(float), row, b0, b1, b2, b3, ref c60, ref c61, ref c62, ref none, ref c70, ref c71, ref c72, ref none, ref c80, ref c81, ref c82, ref none);
                    if (sizeof(TDuty) == 2)
                        packed = Pack(packed, b0, b1, b2, b3);
                    b += 2 * step;
                    a0 += 2 * sizeof(float);
                    if (sizeof(TRows) > 3)
                        a3 += 2 * sizeof(float);
                    if (sizeof(TRows) > 6)
                        a6 += 2 * sizeof(float);
                }
                while (--pairs != 0);
            }
            else if (pairs > 0 && row == sizeof(float))
            {
                k &= 1;
                do
                {
                    if (sizeof(TDuty) == 3)
                        fetched = Fetch(call, fetched, ref untilFetch, 2);
                    Load(b, 0, out b0, out b1, out b2, out b3);
                    SideBySide(0, a0, 0, b0, b1, b2, b3, ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13, ref c20, ref c21, ref c22, ref c23);
                    if (sizeof(TRows) > 3)
                        SideBySide(3, a0, 3 * sizeof(float), b0, b1, b2, b3, ref c30, ref c31, ref c32, ref c33, ref c40, ref c41, ref c42, ref c43, ref c50, ref c51, ref c52, ref c53);
                    if (sizeof(TRows) > 6)
                        SideBySide(6, a0, 6 * sizeof(float), b0, b1, b2, b3, ref c60, ref c61, ref c62, ref none, ref c70, ref c71, ref c72, ref none, ref c80, ref c81, ref c82, ref none);
                    if (sizeof(TDuty) == 2)
                        packed = Pack(packed, b0, b1, b2, b3);
                    b += step;
                    a0 += column;
                    Load(b, 0, out b0, out b1, out b2, out b3);
                    SideBySide(0, a0, 0, b0, b1, b2, b3, ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13, ref c20, ref c21, ref c22, ref c23);
                    if (sizeof(TRows) > 3)
                        SideBySide(3, a0, 3 * sizeof(float), b0, b1, b2, b3, ref c30, ref c31, ref c32, ref c33, ref c40, ref c41, ref c42, ref c43, ref c50, ref c51, ref c52, ref c53);
                    if (sizeof(TRows) > 6)
                        SideBySide(6, a0, 6 * sizeof(float), b0, b1, b2, b3, ref c60, ref c61, ref c62, ref none, ref c70, ref c71, ref c72, ref none, ref c80, ref c81, ref c82, ref none);
                    if (sizeof(TDuty) == 2)
                        packed = Pack(packed, b0, b1, b2, b3);
                    b += step;
                    a0 += column;
                }
                while (--pairs != 0);
                a3 = a0 + (3 * row);
                a6 = a3 + (3 * row);
            }
        }
        for (; k > 0; k--)
        {
            if (sizeof(TDuty) == 3)
                fetched = Fetch(call, fetched, ref untilFetch, 1);
            Load(b, 0, out b0, out b1, out b2, out b3);
            Rows(0, a0, 0, row, b0, b1, b2, b3, ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13, ref c20, ref c21, ref c22, ref c23);
            if (sizeof(TRows) > 3)
                Rows(3, a3, 0, row, b0, b1, b2, b3, ref c30, ref c31, ref c32, ref c33, ref c40, ref c41, ref c42, ref c43, ref c50, ref c51, ref c52, ref c53);
            if (sizeof(TRows) > 6)
                Rows(6, a6, 0, row, b0, b1, b2, b3, ref c60, ref c61, ref c62, ref none, ref c70, ref c71, ref c72, ref none, ref c80, ref c81, ref c82, ref none);
            if (sizeof(TDuty) == 2)
                packed = Pack(packed, b0, b1, b2, b3);
            b += step;
            a0 += column;
            if (sizeof(TRows) > 3)
                a3 += column;
            if (sizeof(TRows) > 6)
                a6 += column;
        }

        GemmStore store = call->Store;
        float* c = call->C;
        nint ldc = call->RowStrideC;
        if ((store & GemmStore.Partial) != 0)
        {
            // The right edge of C: laid down as it is and then finished from memory, one masked row after the other.
            store = GemmStore.Partial;
            c = call->Spill;
            ldc = 4 * width;
        }
        if (sizeof(TDuty) < 5 && (store & (GemmStore.Scale | GemmStore.Bias)) != 0)
        {
            // Factor and bias in one multiply-add: with a factor of 1 it rounds as an addition does.
            TVector alpha = TSimd.Splat((store & GemmStore.Scale) != 0 ? call->Alpha : 1f);
            float* bias = call->Bias;
            TVector v0 = default, v1 = default, v2 = default, v3 = default;
            if ((store & GemmStore.Bias) != 0)
            {
                v0 = *(TVector*)bias;
                if (sizeof(TColumns) > 1)
                    v1 = *(TVector*)(bias + width);
                if (sizeof(TColumns) > 2)
                    v2 = *(TVector*)(bias + (2 * width));
                if (sizeof(TColumns) > 3)
                    v3 = *(TVector*)(bias + (3 * width));
            }
            c00 = TSimd.MultiplyAdd(c00, alpha, v0);
            if (sizeof(TColumns) > 1)
                c01 = TSimd.MultiplyAdd(c01, alpha, v1);
            if (sizeof(TColumns) > 2)
                c02 = TSimd.MultiplyAdd(c02, alpha, v2);
            if (sizeof(TColumns) > 3)
                c03 = TSimd.MultiplyAdd(c03, alpha, v3);
            if (sizeof(TRows) > 1)
            {
                c10 = TSimd.MultiplyAdd(c10, alpha, v0);
                if (sizeof(TColumns) > 1)
                    c11 = TSimd.MultiplyAdd(c11, alpha, v1);
                if (sizeof(TColumns) > 2)
                    c12 = TSimd.MultiplyAdd(c12, alpha, v2);
                if (sizeof(TColumns) > 3)
                    c13 = TSimd.MultiplyAdd(c13, alpha, v3);
            }
            if (sizeof(TRows) > 2)
            {
                c20 = TSimd.MultiplyAdd(c20, alpha, v0);
                if (sizeof(TColumns) > 1)
                    c21 = TSimd.MultiplyAdd(c21, alpha, v1);
                if (sizeof(TColumns) > 2)
                    c22 = TSimd.MultiplyAdd(c22, alpha, v2);
                if (sizeof(TColumns) > 3)
                    c23 = TSimd.MultiplyAdd(c23, alpha, v3);
            }
            if (sizeof(TRows) > 3)
            {
                c30 = TSimd.MultiplyAdd(c30, alpha, v0);
                if (sizeof(TColumns) > 1)
                    c31 = TSimd.MultiplyAdd(c31, alpha, v1);
                if (sizeof(TColumns) > 2)
                    c32 = TSimd.MultiplyAdd(c32, alpha, v2);
                if (sizeof(TColumns) > 3)
                    c33 = TSimd.MultiplyAdd(c33, alpha, v3);
            }
            if (sizeof(TRows) > 4)
            {
                c40 = TSimd.MultiplyAdd(c40, alpha, v0);
                if (sizeof(TColumns) > 1)
                    c41 = TSimd.MultiplyAdd(c41, alpha, v1);
                if (sizeof(TColumns) > 2)
                    c42 = TSimd.MultiplyAdd(c42, alpha, v2);
                if (sizeof(TColumns) > 3)
                    c43 = TSimd.MultiplyAdd(c43, alpha, v3);
            }
            if (sizeof(TRows) > 5)
            {
                c50 = TSimd.MultiplyAdd(c50, alpha, v0);
                if (sizeof(TColumns) > 1)
                    c51 = TSimd.MultiplyAdd(c51, alpha, v1);
                if (sizeof(TColumns) > 2)
                    c52 = TSimd.MultiplyAdd(c52, alpha, v2);
                if (sizeof(TColumns) > 3)
                    c53 = TSimd.MultiplyAdd(c53, alpha, v3);
            }
            if (sizeof(TRows) > 6)
            {
                c60 = TSimd.MultiplyAdd(c60, alpha, v0);
                if (sizeof(TColumns) > 1)
                    c61 = TSimd.MultiplyAdd(c61, alpha, v1);
                if (sizeof(TColumns) > 2)
                    c62 = TSimd.MultiplyAdd(c62, alpha, v2);
            }
            if (sizeof(TRows) > 7)
            {
                c70 = TSimd.MultiplyAdd(c70, alpha, v0);
                if (sizeof(TColumns) > 1)
                    c71 = TSimd.MultiplyAdd(c71, alpha, v1);
                if (sizeof(TColumns) > 2)
                    c72 = TSimd.MultiplyAdd(c72, alpha, v2);
            }
            if (sizeof(TRows) > 8)
            {
                c80 = TSimd.MultiplyAdd(c80, alpha, v0);
                if (sizeof(TColumns) > 1)
                    c81 = TSimd.MultiplyAdd(c81, alpha, v1);
                if (sizeof(TColumns) > 2)
                    c82 = TSimd.MultiplyAdd(c82, alpha, v2);
            }
        }
        if ((store & GemmStore.Add) != 0)
        {
            TVector beta = TSimd.Splat((store & GemmStore.Scale) != 0 ? call->Beta : 1f);
            c00 = TSimd.MultiplyAdd(beta, *(TVector*)c, c00);
            if (sizeof(TColumns) > 1)
                c01 = TSimd.MultiplyAdd(beta, *(TVector*)(c + width), c01);
            if (sizeof(TColumns) > 2)
                c02 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (2 * width)), c02);
            if (sizeof(TColumns) > 3)
                c03 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (3 * width)), c03);
            if (sizeof(TRows) > 1)
            {
                c10 = TSimd.MultiplyAdd(beta, *(TVector*)(c + ldc), c10);
                if (sizeof(TColumns) > 1)
                    c11 = TSimd.MultiplyAdd(beta, *(TVector*)(c + ldc + width), c11);
                if (sizeof(TColumns) > 2)
                    c12 = TSimd.MultiplyAdd(beta, *(TVector*)(c + ldc + (2 * width)), c12);
                if (sizeof(TColumns) > 3)
                    c13 = TSimd.MultiplyAdd(beta, *(TVector*)(c + ldc + (3 * width)), c13);
            }
            if (sizeof(TRows) > 2)
            {
                c20 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (2 * ldc)), c20);
                if (sizeof(TColumns) > 1)
                    c21 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (2 * ldc) + width), c21);
                if (sizeof(TColumns) > 2)
                    c22 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (2 * ldc) + (2 * width)), c22);
                if (sizeof(TColumns) > 3)
                    c23 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (2 * ldc) + (3 * width)), c23);
            }
            if (sizeof(TRows) > 3)
            {
                c30 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (3 * ldc)), c30);
                if (sizeof(TColumns) > 1)
                    c31 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (3 * ldc) + width), c31);
                if (sizeof(TColumns) > 2)
                    c32 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (3 * ldc) + (2 * width)), c32);
                if (sizeof(TColumns) > 3)
                    c33 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (3 * ldc) + (3 * width)), c33);
            }
            if (sizeof(TRows) > 4)
            {
                c40 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (4 * ldc)), c40);
                if (sizeof(TColumns) > 1)
                    c41 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (4 * ldc) + width), c41);
                if (sizeof(TColumns) > 2)
                    c42 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (4 * ldc) + (2 * width)), c42);
                if (sizeof(TColumns) > 3)
                    c43 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (4 * ldc) + (3 * width)), c43);
            }
            if (sizeof(TRows) > 5)
            {
                c50 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (5 * ldc)), c50);
                if (sizeof(TColumns) > 1)
                    c51 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (5 * ldc) + width), c51);
                if (sizeof(TColumns) > 2)
                    c52 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (5 * ldc) + (2 * width)), c52);
                if (sizeof(TColumns) > 3)
                    c53 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (5 * ldc) + (3 * width)), c53);
            }
            if (sizeof(TRows) > 6)
            {
                c60 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (6 * ldc)), c60);
                if (sizeof(TColumns) > 1)
                    c61 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (6 * ldc) + width), c61);
                if (sizeof(TColumns) > 2)
                    c62 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (6 * ldc) + (2 * width)), c62);
            }
            if (sizeof(TRows) > 7)
            {
                c70 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (7 * ldc)), c70);
                if (sizeof(TColumns) > 1)
                    c71 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (7 * ldc) + width), c71);
                if (sizeof(TColumns) > 2)
                    c72 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (7 * ldc) + (2 * width)), c72);
            }
            if (sizeof(TRows) > 8)
            {
                c80 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (8 * ldc)), c80);
                if (sizeof(TColumns) > 1)
                    c81 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (8 * ldc) + width), c81);
                if (sizeof(TColumns) > 2)
                    c82 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (8 * ldc) + (2 * width)), c82);
            }
        }
        if (sizeof(TDuty) < 5 && (store & GemmStore.ReLU) != 0)
        {
            c00 = GemmTileStore<TSimd, TVector>.ReLU(c00);
            if (sizeof(TColumns) > 1)
                c01 = GemmTileStore<TSimd, TVector>.ReLU(c01);
            if (sizeof(TColumns) > 2)
                c02 = GemmTileStore<TSimd, TVector>.ReLU(c02);
            if (sizeof(TColumns) > 3)
                c03 = GemmTileStore<TSimd, TVector>.ReLU(c03);
            if (sizeof(TRows) > 1)
            {
                c10 = GemmTileStore<TSimd, TVector>.ReLU(c10);
                if (sizeof(TColumns) > 1)
                    c11 = GemmTileStore<TSimd, TVector>.ReLU(c11);
                if (sizeof(TColumns) > 2)
                    c12 = GemmTileStore<TSimd, TVector>.ReLU(c12);
                if (sizeof(TColumns) > 3)
                    c13 = GemmTileStore<TSimd, TVector>.ReLU(c13);
            }
            if (sizeof(TRows) > 2)
            {
                c20 = GemmTileStore<TSimd, TVector>.ReLU(c20);
                if (sizeof(TColumns) > 1)
                    c21 = GemmTileStore<TSimd, TVector>.ReLU(c21);
                if (sizeof(TColumns) > 2)
                    c22 = GemmTileStore<TSimd, TVector>.ReLU(c22);
                if (sizeof(TColumns) > 3)
                    c23 = GemmTileStore<TSimd, TVector>.ReLU(c23);
            }
            if (sizeof(TRows) > 3)
            {
                c30 = GemmTileStore<TSimd, TVector>.ReLU(c30);
                if (sizeof(TColumns) > 1)
                    c31 = GemmTileStore<TSimd, TVector>.ReLU(c31);
                if (sizeof(TColumns) > 2)
                    c32 = GemmTileStore<TSimd, TVector>.ReLU(c32);
                if (sizeof(TColumns) > 3)
                    c33 = GemmTileStore<TSimd, TVector>.ReLU(c33);
            }
            if (sizeof(TRows) > 4)
            {
                c40 = GemmTileStore<TSimd, TVector>.ReLU(c40);
                if (sizeof(TColumns) > 1)
                    c41 = GemmTileStore<TSimd, TVector>.ReLU(c41);
                if (sizeof(TColumns) > 2)
                    c42 = GemmTileStore<TSimd, TVector>.ReLU(c42);
                if (sizeof(TColumns) > 3)
                    c43 = GemmTileStore<TSimd, TVector>.ReLU(c43);
            }
            if (sizeof(TRows) > 5)
            {
                c50 = GemmTileStore<TSimd, TVector>.ReLU(c50);
                if (sizeof(TColumns) > 1)
                    c51 = GemmTileStore<TSimd, TVector>.ReLU(c51);
                if (sizeof(TColumns) > 2)
                    c52 = GemmTileStore<TSimd, TVector>.ReLU(c52);
                if (sizeof(TColumns) > 3)
                    c53 = GemmTileStore<TSimd, TVector>.ReLU(c53);
            }
            if (sizeof(TRows) > 6)
            {
                c60 = GemmTileStore<TSimd, TVector>.ReLU(c60);
                if (sizeof(TColumns) > 1)
                    c61 = GemmTileStore<TSimd, TVector>.ReLU(c61);
                if (sizeof(TColumns) > 2)
                    c62 = GemmTileStore<TSimd, TVector>.ReLU(c62);
            }
            if (sizeof(TRows) > 7)
            {
                c70 = GemmTileStore<TSimd, TVector>.ReLU(c70);
                if (sizeof(TColumns) > 1)
                    c71 = GemmTileStore<TSimd, TVector>.ReLU(c71);
                if (sizeof(TColumns) > 2)
                    c72 = GemmTileStore<TSimd, TVector>.ReLU(c72);
            }
            if (sizeof(TRows) > 8)
            {
                c80 = GemmTileStore<TSimd, TVector>.ReLU(c80);
                if (sizeof(TColumns) > 1)
                    c81 = GemmTileStore<TSimd, TVector>.ReLU(c81);
                if (sizeof(TColumns) > 2)
                    c82 = GemmTileStore<TSimd, TVector>.ReLU(c82);
            }
        }
        GemmTileStore<TSimd, TVector>.Row4<TColumns>(c, c00, c01, c02, c03);
        if (sizeof(TRows) > 1)
            GemmTileStore<TSimd, TVector>.Row4<TColumns>(c + ldc, c10, c11, c12, c13);
        if (sizeof(TRows) > 2)
            GemmTileStore<TSimd, TVector>.Row4<TColumns>(c + (2 * ldc), c20, c21, c22, c23);
        if (sizeof(TRows) > 3)
            GemmTileStore<TSimd, TVector>.Row4<TColumns>(c + (3 * ldc), c30, c31, c32, c33);
        if (sizeof(TRows) > 4)
            GemmTileStore<TSimd, TVector>.Row4<TColumns>(c + (4 * ldc), c40, c41, c42, c43);
        if (sizeof(TRows) > 5)
            GemmTileStore<TSimd, TVector>.Row4<TColumns>(c + (5 * ldc), c50, c51, c52, c53);
        if (sizeof(TRows) > 6)
            GemmTileStore<TSimd, TVector>.Row4<TColumns>(c + (6 * ldc), c60, c61, c62, default);
        if (sizeof(TRows) > 7)
            GemmTileStore<TSimd, TVector>.Row4<TColumns>(c + (7 * ldc), c70, c71, c72, default);
        if (sizeof(TRows) > 8)
            GemmTileStore<TSimd, TVector>.Row4<TColumns>(c + (8 * ldc), c80, c81, c82, default);
        if (store == GemmStore.Partial)
            GemmTileStore<TSimd, TVector>.Partial(call, c, 4, sizeof(TRows), sizeof(TColumns));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(float* b, nint offset, out TVector b0, out TVector b1, out TVector b2, out TVector b3)
    {
        int width = TSimd.Count;
        b0 = *(TVector*)(b + offset);
        b1 = sizeof(TColumns) > 1 ? *(TVector*)(b + offset + width) : default;
        b2 = sizeof(TColumns) > 2 ? *(TVector*)(b + offset + (2 * width)) : default;
        b3 = sizeof(TColumns) > 3 ? *(TVector*)(b + offset + (3 * width)) : default;
    }

    /// <summary>One term of rows <paramref name="first"/> to <paramref name="first"/> + 2, those of them that there are.</summary>
    /// <remarks>
    /// Each multiply-add of the first row reads its element of A itself (<see cref="ISimd{TVector}.SplatOperand"/>): one instruction of a row's less. The other two rows' addresses
    /// have an index, and such an operand is split into two instructions again. Base and offset come apart, or the JIT adds them up into a register first. Two rows have too few
    /// multiply-adds for it: 9 loads for 8 of them.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rows(
        int first, byte* a, nint offset, nint row, TVector b0, TVector b1, TVector b2, TVector b3,
        ref TVector c00, ref TVector c01, ref TVector c02, ref TVector c03,
        ref TVector c10, ref TVector c11, ref TVector c12, ref TVector c13,
        ref TVector c20, ref TVector c21, ref TVector c22, ref TVector c23)
    {
        if (sizeof(TRows) > 2)
            FirstRow(a, offset, b0, b1, b2, b3, ref c00, ref c01, ref c02, ref c03);
        else
            Row((float*)(a + offset), b0, b1, b2, b3, ref c00, ref c01, ref c02, ref c03);
        if (sizeof(TRows) > first + 1)
            Row((float*)(a + row + offset), b0, b1, b2, b3, ref c10, ref c11, ref c12, ref c13);
        if (sizeof(TRows) > first + 2)
            Row((float*)(a + (2 * row) + offset), b0, b1, b2, b3, ref c20, ref c21, ref c22, ref c23);
    }

    /// <summary>As <see cref="Rows"/>, where elements of a term's rows lie side by side: no address has an index, so two rows of three need no broadcast. A third would
    /// need more loads than there are, and so would the last of a group of one or two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SideBySide(
        int first, byte* a, nint offset, TVector b0, TVector b1, TVector b2, TVector b3,
        ref TVector c00, ref TVector c01, ref TVector c02, ref TVector c03,
        ref TVector c10, ref TVector c11, ref TVector c12, ref TVector c13,
        ref TVector c20, ref TVector c21, ref TVector c22, ref TVector c23)
    {
        if (sizeof(TRows) > first + 1 && sizeof(TRows) > 2)
            FirstRow(a, offset, b0, b1, b2, b3, ref c00, ref c01, ref c02, ref c03);
        else
            Row((float*)(a + offset), b0, b1, b2, b3, ref c00, ref c01, ref c02, ref c03);
        if (sizeof(TRows) > first + 2 && sizeof(TRows) > 3)
            FirstRow(a, offset + sizeof(float), b0, b1, b2, b3, ref c10, ref c11, ref c12, ref c13);
        else if (sizeof(TRows) > first + 1)
            Row((float*)(a + offset + sizeof(float)), b0, b1, b2, b3, ref c10, ref c11, ref c12, ref c13);
        if (sizeof(TRows) > first + 2)
            Row((float*)(a + offset + (2 * sizeof(float))), b0, b1, b2, b3, ref c20, ref c21, ref c22, ref c23);
    }

    /// <summary>A row whose element of A each multiply-add reads itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FirstRow(byte* a, nint offset, TVector b0, TVector b1, TVector b2, TVector b3, ref TVector c0, ref TVector c1, ref TVector c2, ref TVector c3)
    {
        c0 = TSimd.MultiplyAdd(TSimd.SplatOperand((float*)(a + offset)), b0, c0);
        if (sizeof(TColumns) > 1)
            c1 = TSimd.MultiplyAdd(TSimd.SplatOperand((float*)(a + offset)), b1, c1);
        if (sizeof(TColumns) > 2)
            c2 = TSimd.MultiplyAdd(TSimd.SplatOperand((float*)(a + offset)), b2, c2);
        if (sizeof(TColumns) > 3)
            c3 = TSimd.MultiplyAdd(TSimd.SplatOperand((float*)(a + offset)), b3, c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(float* a, TVector b0, TVector b1, TVector b2, TVector b3, ref TVector c0, ref TVector c1, ref TVector c2, ref TVector c3)
    {
        TVector x = TSimd.Splat(*a);
        c0 = TSimd.MultiplyAdd(x, b0, c0);
        if (sizeof(TColumns) > 1)
            c1 = TSimd.MultiplyAdd(x, b1, c1);
        if (sizeof(TColumns) > 2)
            c2 = TSimd.MultiplyAdd(x, b2, c2);
        if (sizeof(TColumns) > 3)
            c3 = TSimd.MultiplyAdd(x, b3, c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Pack(float* packed, TVector b0, TVector b1, TVector b2, TVector b3)
    {
        GemmTileStore<TSimd, TVector>.Row4<TColumns>(packed, b0, b1, b2, b3);
        return packed + (sizeof(TColumns) * TSimd.Count);
    }

    /// <summary>Asks for a stretch every <see cref="GemmTileCall.FetchEvery"/> terms, of which <paramref name="terms"/> follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Fetch(GemmTileCall* call, float* fetched, ref int until, int terms)
    {
        until -= terms;
        while (until < 0)
        {
            CacheHint.ToL2(fetched);
            if (sizeof(TColumns) > 1)
                CacheHint.ToL2(fetched + CacheHint.LineFloats);
            if (sizeof(TColumns) > 2)
                CacheHint.ToL2(fetched + (2 * CacheHint.LineFloats));
            fetched += call->FetchStep;
            until += call->FetchEvery;
        }
        return fetched;
    }
}

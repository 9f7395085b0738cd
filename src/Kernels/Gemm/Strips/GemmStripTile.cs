using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// A strip of tiles of one size in one call: tile after tile down the rows of C or along its columns. Short sums are over so soon that what a tile costs to enter and leave
/// (a call, its operands, an ending that is looked up) is as much as its arithmetic.
/// </summary>
/// <remarks>Register budget as in <see cref="GemmTileWide{TSimd, TVector, TRows, TColumns, TDuty}"/>: 14 rows by 2 vectors, 9 by 3 or 6 by 4. Sums begin with the bias. A last vector that would not be
/// whole reaches back over its neighbour in the same tile, whose columns it computes to the same bits; where C is added to, a row is read before any of it is stored.</remarks>
internal static unsafe class GemmStripTile<TSimd, TVector, TRows, TColumns>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TRows : unmanaged, ITileSize
    where TColumns : unmanaged, ITileSize
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(GemmStripCall* call)
    {
        nint row = call->RowStrideA * sizeof(float);
        nint column = call->ColumnStrideA * sizeof(float);
        nint last = call->Last;
        nint step = call->RowStrideB;
        TVector none = default;
        do
        {
            TVector c00 = default, c01 = default, c02 = default, c03 = default;
            TVector c10 = default, c11 = default, c12 = default, c13 = default;
            TVector c20 = default, c21 = default, c22 = default, c23 = default;
            TVector c30 = default, c31 = default, c32 = default, c33 = default;
            TVector c40 = default, c41 = default, c42 = default, c43 = default;
            TVector c50 = default, c51 = default, c52 = default, c53 = default;
            TVector c60 = default, c61 = default, c62 = default;
            TVector c70 = default, c71 = default, c72 = default;
            TVector c80 = default, c81 = default, c82 = default;
            TVector c90 = default, c91 = default;
            TVector ca0 = default, ca1 = default;
            TVector cb0 = default, cb1 = default;
            TVector cc0 = default, cc1 = default;
            TVector cd0 = default, cd1 = default;
            TVector b0, b1, b2, b3;
            if (call->Bias != null)
            {
                Load(call->Bias, last, out b0, out b1, out b2, out b3);
                Begin(b0, b1, b2, b3, ref c00, ref c01, ref c02, ref c03);
                if (sizeof(TRows) > 1)
                    Begin(b0, b1, b2, b3, ref c10, ref c11, ref c12, ref c13);
                if (sizeof(TRows) > 2)
                    Begin(b0, b1, b2, b3, ref c20, ref c21, ref c22, ref c23);
                if (sizeof(TRows) > 3)
                    Begin(b0, b1, b2, b3, ref c30, ref c31, ref c32, ref c33);
                if (sizeof(TRows) > 4)
                    Begin(b0, b1, b2, b3, ref c40, ref c41, ref c42, ref c43);
                if (sizeof(TRows) > 5)
                    Begin(b0, b1, b2, b3, ref c50, ref c51, ref c52, ref c53);
                if (sizeof(TRows) > 6)
                    Begin(b0, b1, b2, b3, ref c60, ref c61, ref c62, ref none);
                if (sizeof(TRows) > 7)
                    Begin(b0, b1, b2, b3, ref c70, ref c71, ref c72, ref none);
                if (sizeof(TRows) > 8)
                    Begin(b0, b1, b2, b3, ref c80, ref c81, ref c82, ref none);
                if (sizeof(TRows) > 9)
                    Begin(b0, b1, b2, b3, ref c90, ref c91, ref none, ref none);
                if (sizeof(TRows) > 10)
                    Begin(b0, b1, b2, b3, ref ca0, ref ca1, ref none, ref none);
                if (sizeof(TRows) > 11)
                    Begin(b0, b1, b2, b3, ref cb0, ref cb1, ref none, ref none);
                if (sizeof(TRows) > 12)
                    Begin(b0, b1, b2, b3, ref cc0, ref cc1, ref none, ref none);
                if (sizeof(TRows) > 13)
                    Begin(b0, b1, b2, b3, ref cd0, ref cd1, ref none, ref none);
                call->Bias += call->StepBias;
            }
            byte* a0 = (byte*)call->A;
            byte* a3 = a0 + (3 * row);
            byte* a6 = a3 + (3 * row);
            byte* a9 = a6 + (3 * row);
            byte* a12 = a9 + (3 * row);
            float* b = call->B;
            nint k = call->K;
            do
            {
                Load(b, last, out b0, out b1, out b2, out b3);
                First((float*)a0, b0, b1, b2, b3, ref c00, ref c01, ref c02, ref c03);
                if (sizeof(TRows) > 1)
                    Next((float*)(a0 + row), b0, b1, b2, b3, ref c10, ref c11, ref c12, ref c13);
                if (sizeof(TRows) > 2)
                    Next((float*)(a0 + (2 * row)), b0, b1, b2, b3, ref c20, ref c21, ref c22, ref c23);
                if (sizeof(TRows) > 3)
                    First((float*)a3, b0, b1, b2, b3, ref c30, ref c31, ref c32, ref c33);
                if (sizeof(TRows) > 4)
                    Next((float*)(a3 + row), b0, b1, b2, b3, ref c40, ref c41, ref c42, ref c43);
                if (sizeof(TRows) > 5)
                    Next((float*)(a3 + (2 * row)), b0, b1, b2, b3, ref c50, ref c51, ref c52, ref c53);
                if (sizeof(TRows) > 6)
                    First((float*)a6, b0, b1, b2, b3, ref c60, ref c61, ref c62, ref none);
                if (sizeof(TRows) > 7)
                    Next((float*)(a6 + row), b0, b1, b2, b3, ref c70, ref c71, ref c72, ref none);
                if (sizeof(TRows) > 8)
                    Next((float*)(a6 + (2 * row)), b0, b1, b2, b3, ref c80, ref c81, ref c82, ref none);
                if (sizeof(TRows) > 9)
                    First((float*)a9, b0, b1, b2, b3, ref c90, ref c91, ref none, ref none);
                if (sizeof(TRows) > 10)
                    Next((float*)(a9 + row), b0, b1, b2, b3, ref ca0, ref ca1, ref none, ref none);
                if (sizeof(TRows) > 11)
                    Next((float*)(a9 + (2 * row)), b0, b1, b2, b3, ref cb0, ref cb1, ref none, ref none);
                if (sizeof(TRows) > 12)
                    First((float*)a12, b0, b1, b2, b3, ref cc0, ref cc1, ref none, ref none);
                if (sizeof(TRows) > 13)
                    Next((float*)(a12 + row), b0, b1, b2, b3, ref cd0, ref cd1, ref none, ref none);
                b += step;
                a0 += column;
                if (sizeof(TRows) > 3)
                    a3 += column;
                if (sizeof(TRows) > 6)
                    a6 += column;
                if (sizeof(TRows) > 9)
                    a9 += column;
                if (sizeof(TRows) > 12)
                    a12 += column;
            }
            while (--k != 0);

            float* c = call->C;
            nint ldc = call->RowStrideC;
            GemmStore store = call->Store;
            if ((store & GemmStore.Add) != 0)
            {
                float* from = c;
                from = Add(from, ldc, last, ref c00, ref c01, ref c02, ref c03);
                if (sizeof(TRows) > 1)
                    from = Add(from, ldc, last, ref c10, ref c11, ref c12, ref c13);
                if (sizeof(TRows) > 2)
                    from = Add(from, ldc, last, ref c20, ref c21, ref c22, ref c23);
                if (sizeof(TRows) > 3)
                    from = Add(from, ldc, last, ref c30, ref c31, ref c32, ref c33);
                if (sizeof(TRows) > 4)
                    from = Add(from, ldc, last, ref c40, ref c41, ref c42, ref c43);
                if (sizeof(TRows) > 5)
                    from = Add(from, ldc, last, ref c50, ref c51, ref c52, ref c53);
                if (sizeof(TRows) > 6)
                    from = Add(from, ldc, last, ref c60, ref c61, ref c62, ref none);
                if (sizeof(TRows) > 7)
                    from = Add(from, ldc, last, ref c70, ref c71, ref c72, ref none);
                if (sizeof(TRows) > 8)
                    from = Add(from, ldc, last, ref c80, ref c81, ref c82, ref none);
                if (sizeof(TRows) > 9)
                    from = Add(from, ldc, last, ref c90, ref c91, ref none, ref none);
                if (sizeof(TRows) > 10)
                    from = Add(from, ldc, last, ref ca0, ref ca1, ref none, ref none);
                if (sizeof(TRows) > 11)
                    from = Add(from, ldc, last, ref cb0, ref cb1, ref none, ref none);
                if (sizeof(TRows) > 12)
                    from = Add(from, ldc, last, ref cc0, ref cc1, ref none, ref none);
                if (sizeof(TRows) > 13)
                    from = Add(from, ldc, last, ref cd0, ref cd1, ref none, ref none);
            }
            if ((store & GemmStore.ReLU) != 0)
            {
                ReLU(ref c00, ref c01, ref c02, ref c03);
                if (sizeof(TRows) > 1)
                    ReLU(ref c10, ref c11, ref c12, ref c13);
                if (sizeof(TRows) > 2)
                    ReLU(ref c20, ref c21, ref c22, ref c23);
                if (sizeof(TRows) > 3)
                    ReLU(ref c30, ref c31, ref c32, ref c33);
                if (sizeof(TRows) > 4)
                    ReLU(ref c40, ref c41, ref c42, ref c43);
                if (sizeof(TRows) > 5)
                    ReLU(ref c50, ref c51, ref c52, ref c53);
                if (sizeof(TRows) > 6)
                    ReLU(ref c60, ref c61, ref c62, ref none);
                if (sizeof(TRows) > 7)
                    ReLU(ref c70, ref c71, ref c72, ref none);
                if (sizeof(TRows) > 8)
                    ReLU(ref c80, ref c81, ref c82, ref none);
                if (sizeof(TRows) > 9)
                    ReLU(ref c90, ref c91, ref none, ref none);
                if (sizeof(TRows) > 10)
                    ReLU(ref ca0, ref ca1, ref none, ref none);
                if (sizeof(TRows) > 11)
                    ReLU(ref cb0, ref cb1, ref none, ref none);
                if (sizeof(TRows) > 12)
                    ReLU(ref cc0, ref cc1, ref none, ref none);
                if (sizeof(TRows) > 13)
                    ReLU(ref cd0, ref cd1, ref none, ref none);
            }
            c = Store(c, ldc, last, c00, c01, c02, c03);
            if (sizeof(TRows) > 1)
                c = Store(c, ldc, last, c10, c11, c12, c13);
            if (sizeof(TRows) > 2)
                c = Store(c, ldc, last, c20, c21, c22, c23);
            if (sizeof(TRows) > 3)
                c = Store(c, ldc, last, c30, c31, c32, c33);
            if (sizeof(TRows) > 4)
                c = Store(c, ldc, last, c40, c41, c42, c43);
            if (sizeof(TRows) > 5)
                c = Store(c, ldc, last, c50, c51, c52, c53);
            if (sizeof(TRows) > 6)
                c = Store(c, ldc, last, c60, c61, c62, none);
            if (sizeof(TRows) > 7)
                c = Store(c, ldc, last, c70, c71, c72, none);
            if (sizeof(TRows) > 8)
                c = Store(c, ldc, last, c80, c81, c82, none);
            if (sizeof(TRows) > 9)
                c = Store(c, ldc, last, c90, c91, none, none);
            if (sizeof(TRows) > 10)
                c = Store(c, ldc, last, ca0, ca1, none, none);
            if (sizeof(TRows) > 11)
                c = Store(c, ldc, last, cb0, cb1, none, none);
            if (sizeof(TRows) > 12)
                c = Store(c, ldc, last, cc0, cc1, none, none);
            if (sizeof(TRows) > 13)
                c = Store(c, ldc, last, cd0, cd1, none, none);
            call->A += call->StepA;
            call->B += call->StepB;
            call->C += call->StepC;
        }
        while (--call->Tiles != 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(float* b, nint last, out TVector b0, out TVector b1, out TVector b2, out TVector b3)
    {
        b0 = sizeof(TColumns) > 1 ? *(TVector*)b : *(TVector*)(b + last);
        b1 = sizeof(TColumns) > 2 ? ((TVector*)b)[1] : sizeof(TColumns) > 1 ? *(TVector*)(b + last) : default;
        b2 = sizeof(TColumns) > 3 ? ((TVector*)b)[2] : sizeof(TColumns) > 2 ? *(TVector*)(b + last) : default;
        b3 = sizeof(TColumns) > 3 ? *(TVector*)(b + last) : default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Begin(TVector b0, TVector b1, TVector b2, TVector b3, ref TVector c0, ref TVector c1, ref TVector c2, ref TVector c3)
    {
        c0 = b0;
        if (sizeof(TColumns) > 1)
            c1 = b1;
        if (sizeof(TColumns) > 2)
            c2 = b2;
        if (sizeof(TColumns) > 3)
            c3 = b3;
    }

    /// <summary>A row whose element of A each multiply-add reads itself: its address has no index.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void First(float* a, TVector b0, TVector b1, TVector b2, TVector b3, ref TVector c0, ref TVector c1, ref TVector c2, ref TVector c3)
    {
        c0 = TSimd.MultiplyAdd(TSimd.SplatOperand(a), b0, c0);
        if (sizeof(TColumns) > 1)
            c1 = TSimd.MultiplyAdd(TSimd.SplatOperand(a), b1, c1);
        if (sizeof(TColumns) > 2)
            c2 = TSimd.MultiplyAdd(TSimd.SplatOperand(a), b2, c2);
        if (sizeof(TColumns) > 3)
            c3 = TSimd.MultiplyAdd(TSimd.SplatOperand(a), b3, c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Next(float* a, TVector b0, TVector b1, TVector b2, TVector b3, ref TVector c0, ref TVector c1, ref TVector c2, ref TVector c3)
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
    private static float* Add(float* c, nint ldc, nint last, ref TVector c0, ref TVector c1, ref TVector c2, ref TVector c3)
    {
        if (sizeof(TColumns) == 1)
            c0 = TSimd.Add(c0, *(TVector*)(c + last));
        if (sizeof(TColumns) > 1)
            c0 = TSimd.Add(c0, *(TVector*)c);
        if (sizeof(TColumns) == 2)
            c1 = TSimd.Add(c1, *(TVector*)(c + last));
        if (sizeof(TColumns) > 2)
            c1 = TSimd.Add(c1, ((TVector*)c)[1]);
        if (sizeof(TColumns) == 3)
            c2 = TSimd.Add(c2, *(TVector*)(c + last));
        if (sizeof(TColumns) > 3)
        {
            c2 = TSimd.Add(c2, ((TVector*)c)[2]);
            c3 = TSimd.Add(c3, *(TVector*)(c + last));
        }
        return c + ldc;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReLU(ref TVector c0, ref TVector c1, ref TVector c2, ref TVector c3)
    {
        c0 = GemmTileStore<TSimd, TVector>.ReLU(c0);
        if (sizeof(TColumns) > 1)
            c1 = GemmTileStore<TSimd, TVector>.ReLU(c1);
        if (sizeof(TColumns) > 2)
            c2 = GemmTileStore<TSimd, TVector>.ReLU(c2);
        if (sizeof(TColumns) > 3)
            c3 = GemmTileStore<TSimd, TVector>.ReLU(c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Store(float* c, nint ldc, nint last, TVector c0, TVector c1, TVector c2, TVector c3)
    {
        if (sizeof(TColumns) > 1)
            *(TVector*)c = c0;
        if (sizeof(TColumns) > 2)
            ((TVector*)c)[1] = c1;
        if (sizeof(TColumns) > 3)
            ((TVector*)c)[2] = c2;
        *(TVector*)(c + last) = sizeof(TColumns) == 1 ? c0 : sizeof(TColumns) == 2 ? c1 : sizeof(TColumns) == 3 ? c2 : c3;
        return c + ldc;
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// The tall tile family: up to 14 rows by 1 or 2 vectors of C in registers, the whole inner loop of the product.
/// </summary>
/// <remarks>
/// <para>Register budget of the full tile: 28 accumulators + 2 of B + 1 element of A in all lanes = 31 of 32. With 16 registers the driver takes
/// at most 6 rows: 12 + 2 + 1. Each k step loads 2 vectors of B and broadcasts 14 elements of A for 28 multiply-adds.</para>
/// <para>The accumulators are named because the JIT keeps no array in registers. Rows and columns are type arguments, so each height is compiled from this
/// one source with the other rows left out: the rows of a block are cut into tiles of equal height and none computes junk.</para>
/// <para>The file is long for one reason: 14 rows are written out again for every ending.</para>
/// </remarks>
internal static unsafe class GemmTileTall<TSimd, TVector, TRows, TColumns, TDuty>
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
        TVector c00 = default, c01 = default;
        TVector c10 = default, c11 = default;
        TVector c20 = default, c21 = default;
        TVector c30 = default, c31 = default;
        TVector c40 = default, c41 = default;
        TVector c50 = default, c51 = default;
        TVector c60 = default, c61 = default;
        TVector c70 = default, c71 = default;
        TVector c80 = default, c81 = default;
        TVector c90 = default, c91 = default;
        TVector ca0 = default, ca1 = default;
        TVector cb0 = default, cb1 = default;
        TVector cc0 = default, cc1 = default;
        TVector cd0 = default, cd1 = default;

        // Bytes: x86 addresses p, p + row and p + 2·row without further instructions, so three rows share one moving pointer.
        nint row = call->RowStrideA * sizeof(float);
        nint column = call->ColumnStrideA * sizeof(float);
        byte* a0 = (byte*)call->A;
        byte* a3 = a0 + (3 * row);
        byte* a6 = a3 + (3 * row);
        byte* a9 = a6 + (3 * row);
        byte* ac = a9 + (3 * row);
        float* b = call->B;
        nint step = call->RowStrideB;
        nint k = call->K;
        TVector b0, b1, none = default;
        if (sizeof(TDuty) > 1 && sizeof(TDuty) < 5)
        {
            // Two terms a round where the terms of A are contiguous or its rows are, and constant offsets with them: what a step takes is its number of instructions
            // where a neighbour uses the same core.
            nint pairs = k >> 1;
            if (pairs > 0 && column == sizeof(float))
            {
                k &= 1;
                do
                {
                    Load(b, 0, out b0, out b1);
                    Rows(0, a0, 0, row, b0, b1, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21);
                    if (sizeof(TRows) > 3)
                        Rows(3, a3, 0, row, b0, b1, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
                    if (sizeof(TRows) > 6)
                        Rows(6, a6, 0, row, b0, b1, ref c60, ref c61, ref c70, ref c71, ref c80, ref c81);
                    if (sizeof(TRows) > 9)
                        Rows(9, a9, 0, row, b0, b1, ref c90, ref c91, ref ca0, ref ca1, ref cb0, ref cb1);
                    if (sizeof(TRows) > 12)
                        Rows(12, ac, 0, row, b0, b1, ref cc0, ref cc1, ref cd0, ref cd1, ref none, ref none);
                    Load(b, step, out b0, out b1);
                    Rows(0, a0, sizeof(float), row, b0, b1, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21);
                    if (sizeof(TRows) > 3)
                        Rows(3, a3, sizeof(float), row, b0, b1, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
                    if (sizeof(TRows) > 6)
                        Rows(6, a6, sizeof(float), row, b0, b1, ref c60, ref c61, ref c70, ref c71, ref c80, ref c81);
                    if (sizeof(TRows) > 9)
                        Rows(9, a9, sizeof(float), row, b0, b1, ref c90, ref c91, ref ca0, ref ca1, ref cb0, ref cb1);
                    if (sizeof(TRows) > 12)
                        Rows(12, ac, sizeof(float), row, b0, b1, ref cc0, ref cc1, ref cd0, ref cd1, ref none, ref none);
                    b += 2 * step;
                    a0 += 2 * sizeof(float);
                    if (sizeof(TRows) > 3)
                        a3 += 2 * sizeof(float);
                    if (sizeof(TRows) > 6)
                        a6 += 2 * sizeof(float);
                    if (sizeof(TRows) > 9)
                        a9 += 2 * sizeof(float);
                    if (sizeof(TRows) > 12)
                        ac += 2 * sizeof(float);
                }
                while (--pairs != 0);
            }
            else if (pairs > 0 && row == sizeof(float))
            {
                k &= 1;
                do
                {
                    Load(b, 0, out b0, out b1);
                    SideBySide(0, a0, 0, b0, b1, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21);
                    if (sizeof(TRows) > 3)
                        SideBySide(3, a0, 3 * sizeof(float), b0, b1, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
                    if (sizeof(TRows) > 6)
                        SideBySide(6, a0, 6 * sizeof(float), b0, b1, ref c60, ref c61, ref c70, ref c71, ref c80, ref c81);
                    if (sizeof(TRows) > 9)
                        SideBySide(9, a0, 9 * sizeof(float), b0, b1, ref c90, ref c91, ref ca0, ref ca1, ref cb0, ref cb1);
                    if (sizeof(TRows) > 12)
                        SideBySide(12, a0, 12 * sizeof(float), b0, b1, ref cc0, ref cc1, ref cd0, ref cd1, ref none, ref none);
                    b += step;
                    a0 += column;
                    Load(b, 0, out b0, out b1);
                    SideBySide(0, a0, 0, b0, b1, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21);
                    if (sizeof(TRows) > 3)
                        SideBySide(3, a0, 3 * sizeof(float), b0, b1, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
                    if (sizeof(TRows) > 6)
                        SideBySide(6, a0, 6 * sizeof(float), b0, b1, ref c60, ref c61, ref c70, ref c71, ref c80, ref c81);
                    if (sizeof(TRows) > 9)
                        SideBySide(9, a0, 9 * sizeof(float), b0, b1, ref c90, ref c91, ref ca0, ref ca1, ref cb0, ref cb1);
                    if (sizeof(TRows) > 12)
                        SideBySide(12, a0, 12 * sizeof(float), b0, b1, ref cc0, ref cc1, ref cd0, ref cd1, ref none, ref none);
                    b += step;
                    a0 += column;
                }
                while (--pairs != 0);
                a3 = a0 + (3 * row);
                a6 = a3 + (3 * row);
                a9 = a6 + (3 * row);
                ac = a9 + (3 * row);
            }
        }
        for (; k > 0; k--)
        {
            Load(b, 0, out b0, out b1);
            Rows(0, a0, 0, row, b0, b1, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21);
            if (sizeof(TRows) > 3)
                Rows(3, a3, 0, row, b0, b1, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
            if (sizeof(TRows) > 6)
                Rows(6, a6, 0, row, b0, b1, ref c60, ref c61, ref c70, ref c71, ref c80, ref c81);
            if (sizeof(TRows) > 9)
                Rows(9, a9, 0, row, b0, b1, ref c90, ref c91, ref ca0, ref ca1, ref cb0, ref cb1);
            if (sizeof(TRows) > 12)
                Rows(12, ac, 0, row, b0, b1, ref cc0, ref cc1, ref cd0, ref cd1, ref none, ref none);
            b += step;
            a0 += column;
            if (sizeof(TRows) > 3)
                a3 += column;
            if (sizeof(TRows) > 6)
                a6 += column;
            if (sizeof(TRows) > 9)
                a9 += column;
            if (sizeof(TRows) > 12)
                ac += column;
        }

        GemmStore store = call->Store;
        float* c = call->C;
        nint ldc = call->RowStrideC;
        if ((store & GemmStore.Partial) != 0)
        {
            // The right edge of C: laid down as it is and then finished from memory, one masked row after the other.
            store = GemmStore.Partial;
            c = call->Spill;
            ldc = 2 * width;
        }
        if (sizeof(TDuty) < 5 && (store & (GemmStore.Scale | GemmStore.Bias)) != 0)
        {
            // Factor and bias in one multiply-add: with a factor of 1 it rounds as an addition does.
            TVector alpha = TSimd.Splat((store & GemmStore.Scale) != 0 ? call->Alpha : 1f);
            float* bias = call->Bias;
            TVector v0 = default, v1 = default;
            if ((store & GemmStore.Bias) != 0)
            {
                v0 = *(TVector*)bias;
                if (sizeof(TColumns) > 1)
                    v1 = *(TVector*)(bias + width);
            }
            c00 = TSimd.MultiplyAdd(c00, alpha, v0);
            if (sizeof(TColumns) > 1)
                c01 = TSimd.MultiplyAdd(c01, alpha, v1);
            if (sizeof(TRows) > 1)
            {
                c10 = TSimd.MultiplyAdd(c10, alpha, v0);
                if (sizeof(TColumns) > 1)
                    c11 = TSimd.MultiplyAdd(c11, alpha, v1);
            }
            if (sizeof(TRows) > 2)
            {
                c20 = TSimd.MultiplyAdd(c20, alpha, v0);
                if (sizeof(TColumns) > 1)
                    c21 = TSimd.MultiplyAdd(c21, alpha, v1);
            }
            if (sizeof(TRows) > 3)
            {
                c30 = TSimd.MultiplyAdd(c30, alpha, v0);
                if (sizeof(TColumns) > 1)
                    c31 = TSimd.MultiplyAdd(c31, alpha, v1);
            }
            if (sizeof(TRows) > 4)
            {
                c40 = TSimd.MultiplyAdd(c40, alpha, v0);
                if (sizeof(TColumns) > 1)
                    c41 = TSimd.MultiplyAdd(c41, alpha, v1);
            }
            if (sizeof(TRows) > 5)
            {
                c50 = TSimd.MultiplyAdd(c50, alpha, v0);
                if (sizeof(TColumns) > 1)
                    c51 = TSimd.MultiplyAdd(c51, alpha, v1);
            }
            if (sizeof(TRows) > 6)
            {
                c60 = TSimd.MultiplyAdd(c60, alpha, v0);
                if (sizeof(TColumns) > 1)
                    c61 = TSimd.MultiplyAdd(c61, alpha, v1);
            }
            if (sizeof(TRows) > 7)
            {
                c70 = TSimd.MultiplyAdd(c70, alpha, v0);
                if (sizeof(TColumns) > 1)
                    c71 = TSimd.MultiplyAdd(c71, alpha, v1);
            }
            if (sizeof(TRows) > 8)
            {
                c80 = TSimd.MultiplyAdd(c80, alpha, v0);
                if (sizeof(TColumns) > 1)
                    c81 = TSimd.MultiplyAdd(c81, alpha, v1);
            }
            if (sizeof(TRows) > 9)
            {
                c90 = TSimd.MultiplyAdd(c90, alpha, v0);
                if (sizeof(TColumns) > 1)
                    c91 = TSimd.MultiplyAdd(c91, alpha, v1);
            }
            if (sizeof(TRows) > 10)
            {
                ca0 = TSimd.MultiplyAdd(ca0, alpha, v0);
                if (sizeof(TColumns) > 1)
                    ca1 = TSimd.MultiplyAdd(ca1, alpha, v1);
            }
            if (sizeof(TRows) > 11)
            {
                cb0 = TSimd.MultiplyAdd(cb0, alpha, v0);
                if (sizeof(TColumns) > 1)
                    cb1 = TSimd.MultiplyAdd(cb1, alpha, v1);
            }
            if (sizeof(TRows) > 12)
            {
                cc0 = TSimd.MultiplyAdd(cc0, alpha, v0);
                if (sizeof(TColumns) > 1)
                    cc1 = TSimd.MultiplyAdd(cc1, alpha, v1);
            }
            if (sizeof(TRows) > 13)
            {
                cd0 = TSimd.MultiplyAdd(cd0, alpha, v0);
                if (sizeof(TColumns) > 1)
                    cd1 = TSimd.MultiplyAdd(cd1, alpha, v1);
            }
        }
        if ((store & GemmStore.Add) != 0)
        {
            TVector beta = TSimd.Splat((store & GemmStore.Scale) != 0 ? call->Beta : 1f);
            c00 = TSimd.MultiplyAdd(beta, *(TVector*)c, c00);
            if (sizeof(TColumns) > 1)
                c01 = TSimd.MultiplyAdd(beta, *(TVector*)(c + width), c01);
            if (sizeof(TRows) > 1)
            {
                c10 = TSimd.MultiplyAdd(beta, *(TVector*)(c + ldc), c10);
                if (sizeof(TColumns) > 1)
                    c11 = TSimd.MultiplyAdd(beta, *(TVector*)(c + ldc + width), c11);
            }
            if (sizeof(TRows) > 2)
            {
                c20 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (2 * ldc)), c20);
                if (sizeof(TColumns) > 1)
                    c21 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (2 * ldc) + width), c21);
            }
            if (sizeof(TRows) > 3)
            {
                c30 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (3 * ldc)), c30);
                if (sizeof(TColumns) > 1)
                    c31 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (3 * ldc) + width), c31);
            }
            if (sizeof(TRows) > 4)
            {
                c40 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (4 * ldc)), c40);
                if (sizeof(TColumns) > 1)
                    c41 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (4 * ldc) + width), c41);
            }
            if (sizeof(TRows) > 5)
            {
                c50 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (5 * ldc)), c50);
                if (sizeof(TColumns) > 1)
                    c51 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (5 * ldc) + width), c51);
            }
            if (sizeof(TRows) > 6)
            {
                c60 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (6 * ldc)), c60);
                if (sizeof(TColumns) > 1)
                    c61 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (6 * ldc) + width), c61);
            }
            if (sizeof(TRows) > 7)
            {
                c70 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (7 * ldc)), c70);
                if (sizeof(TColumns) > 1)
                    c71 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (7 * ldc) + width), c71);
            }
            if (sizeof(TRows) > 8)
            {
                c80 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (8 * ldc)), c80);
                if (sizeof(TColumns) > 1)
                    c81 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (8 * ldc) + width), c81);
            }
            if (sizeof(TRows) > 9)
            {
                c90 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (9 * ldc)), c90);
                if (sizeof(TColumns) > 1)
                    c91 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (9 * ldc) + width), c91);
            }
            if (sizeof(TRows) > 10)
            {
                ca0 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (10 * ldc)), ca0);
                if (sizeof(TColumns) > 1)
                    ca1 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (10 * ldc) + width), ca1);
            }
            if (sizeof(TRows) > 11)
            {
                cb0 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (11 * ldc)), cb0);
                if (sizeof(TColumns) > 1)
                    cb1 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (11 * ldc) + width), cb1);
            }
            if (sizeof(TRows) > 12)
            {
                cc0 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (12 * ldc)), cc0);
                if (sizeof(TColumns) > 1)
                    cc1 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (12 * ldc) + width), cc1);
            }
            if (sizeof(TRows) > 13)
            {
                cd0 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (13 * ldc)), cd0);
                if (sizeof(TColumns) > 1)
                    cd1 = TSimd.MultiplyAdd(beta, *(TVector*)(c + (13 * ldc) + width), cd1);
            }
        }
        if (sizeof(TDuty) < 5 && (store & GemmStore.ReLU) != 0)
        {
            c00 = GemmTileStore<TSimd, TVector>.ReLU(c00);
            if (sizeof(TColumns) > 1)
                c01 = GemmTileStore<TSimd, TVector>.ReLU(c01);
            if (sizeof(TRows) > 1)
            {
                c10 = GemmTileStore<TSimd, TVector>.ReLU(c10);
                if (sizeof(TColumns) > 1)
                    c11 = GemmTileStore<TSimd, TVector>.ReLU(c11);
            }
            if (sizeof(TRows) > 2)
            {
                c20 = GemmTileStore<TSimd, TVector>.ReLU(c20);
                if (sizeof(TColumns) > 1)
                    c21 = GemmTileStore<TSimd, TVector>.ReLU(c21);
            }
            if (sizeof(TRows) > 3)
            {
                c30 = GemmTileStore<TSimd, TVector>.ReLU(c30);
                if (sizeof(TColumns) > 1)
                    c31 = GemmTileStore<TSimd, TVector>.ReLU(c31);
            }
            if (sizeof(TRows) > 4)
            {
                c40 = GemmTileStore<TSimd, TVector>.ReLU(c40);
                if (sizeof(TColumns) > 1)
                    c41 = GemmTileStore<TSimd, TVector>.ReLU(c41);
            }
            if (sizeof(TRows) > 5)
            {
                c50 = GemmTileStore<TSimd, TVector>.ReLU(c50);
                if (sizeof(TColumns) > 1)
                    c51 = GemmTileStore<TSimd, TVector>.ReLU(c51);
            }
            if (sizeof(TRows) > 6)
            {
                c60 = GemmTileStore<TSimd, TVector>.ReLU(c60);
                if (sizeof(TColumns) > 1)
                    c61 = GemmTileStore<TSimd, TVector>.ReLU(c61);
            }
            if (sizeof(TRows) > 7)
            {
                c70 = GemmTileStore<TSimd, TVector>.ReLU(c70);
                if (sizeof(TColumns) > 1)
                    c71 = GemmTileStore<TSimd, TVector>.ReLU(c71);
            }
            if (sizeof(TRows) > 8)
            {
                c80 = GemmTileStore<TSimd, TVector>.ReLU(c80);
                if (sizeof(TColumns) > 1)
                    c81 = GemmTileStore<TSimd, TVector>.ReLU(c81);
            }
            if (sizeof(TRows) > 9)
            {
                c90 = GemmTileStore<TSimd, TVector>.ReLU(c90);
                if (sizeof(TColumns) > 1)
                    c91 = GemmTileStore<TSimd, TVector>.ReLU(c91);
            }
            if (sizeof(TRows) > 10)
            {
                ca0 = GemmTileStore<TSimd, TVector>.ReLU(ca0);
                if (sizeof(TColumns) > 1)
                    ca1 = GemmTileStore<TSimd, TVector>.ReLU(ca1);
            }
            if (sizeof(TRows) > 11)
            {
                cb0 = GemmTileStore<TSimd, TVector>.ReLU(cb0);
                if (sizeof(TColumns) > 1)
                    cb1 = GemmTileStore<TSimd, TVector>.ReLU(cb1);
            }
            if (sizeof(TRows) > 12)
            {
                cc0 = GemmTileStore<TSimd, TVector>.ReLU(cc0);
                if (sizeof(TColumns) > 1)
                    cc1 = GemmTileStore<TSimd, TVector>.ReLU(cc1);
            }
            if (sizeof(TRows) > 13)
            {
                cd0 = GemmTileStore<TSimd, TVector>.ReLU(cd0);
                if (sizeof(TColumns) > 1)
                    cd1 = GemmTileStore<TSimd, TVector>.ReLU(cd1);
            }
        }
        GemmTileStore<TSimd, TVector>.Row2<TColumns>(c, c00, c01);
        if (sizeof(TRows) > 1)
            GemmTileStore<TSimd, TVector>.Row2<TColumns>(c + ldc, c10, c11);
        if (sizeof(TRows) > 2)
            GemmTileStore<TSimd, TVector>.Row2<TColumns>(c + (2 * ldc), c20, c21);
        if (sizeof(TRows) > 3)
            GemmTileStore<TSimd, TVector>.Row2<TColumns>(c + (3 * ldc), c30, c31);
        if (sizeof(TRows) > 4)
            GemmTileStore<TSimd, TVector>.Row2<TColumns>(c + (4 * ldc), c40, c41);
        if (sizeof(TRows) > 5)
            GemmTileStore<TSimd, TVector>.Row2<TColumns>(c + (5 * ldc), c50, c51);
        if (sizeof(TRows) > 6)
            GemmTileStore<TSimd, TVector>.Row2<TColumns>(c + (6 * ldc), c60, c61);
        if (sizeof(TRows) > 7)
            GemmTileStore<TSimd, TVector>.Row2<TColumns>(c + (7 * ldc), c70, c71);
        if (sizeof(TRows) > 8)
            GemmTileStore<TSimd, TVector>.Row2<TColumns>(c + (8 * ldc), c80, c81);
        if (sizeof(TRows) > 9)
            GemmTileStore<TSimd, TVector>.Row2<TColumns>(c + (9 * ldc), c90, c91);
        if (sizeof(TRows) > 10)
            GemmTileStore<TSimd, TVector>.Row2<TColumns>(c + (10 * ldc), ca0, ca1);
        if (sizeof(TRows) > 11)
            GemmTileStore<TSimd, TVector>.Row2<TColumns>(c + (11 * ldc), cb0, cb1);
        if (sizeof(TRows) > 12)
            GemmTileStore<TSimd, TVector>.Row2<TColumns>(c + (12 * ldc), cc0, cc1);
        if (sizeof(TRows) > 13)
            GemmTileStore<TSimd, TVector>.Row2<TColumns>(c + (13 * ldc), cd0, cd1);
        if (store == GemmStore.Partial)
            GemmTileStore<TSimd, TVector>.Partial(call, c, 2, sizeof(TRows), sizeof(TColumns));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(float* b, nint offset, out TVector b0, out TVector b1)
    {
        b0 = *(TVector*)(b + offset);
        b1 = sizeof(TColumns) > 1 ? ((TVector*)(b + offset))[1] : default;
    }

    /// <summary>One term of rows <paramref name="first"/> to <paramref name="first"/> + 2, those of them that there are.</summary>
    /// <remarks>
    /// Each multiply-add of the first row reads its element of A itself (<see cref="ISimd{TVector}.SplatOperand"/>): one instruction of a row's less. The other two rows' addresses
    /// have an index, and such an operand is split into two instructions again. Base and offset come apart, or the JIT adds them up into a register first.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rows(
        int first, byte* a, nint offset, nint row, TVector b0, TVector b1,
        ref TVector c00, ref TVector c01, ref TVector c10, ref TVector c11, ref TVector c20, ref TVector c21)
    {
        FirstRow(a, offset, b0, b1, ref c00, ref c01);
        if (sizeof(TRows) > first + 1)
            Row((float*)(a + row + offset), b0, b1, ref c10, ref c11);
        if (sizeof(TRows) > first + 2)
            Row((float*)(a + (2 * row) + offset), b0, b1, ref c20, ref c21);
    }

    /// <summary>As <see cref="Rows"/>, where elements of a term's rows lie side by side: no address has an index, so two rows of three need no broadcast. A third would
    /// need more loads than there are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SideBySide(
        int first, byte* a, nint offset, TVector b0, TVector b1,
        ref TVector c00, ref TVector c01, ref TVector c10, ref TVector c11, ref TVector c20, ref TVector c21)
    {
        FirstRow(a, offset, b0, b1, ref c00, ref c01);
        if (sizeof(TRows) > first + 1)
            FirstRow(a, offset + sizeof(float), b0, b1, ref c10, ref c11);
        if (sizeof(TRows) > first + 2)
            Row((float*)(a + offset + (2 * sizeof(float))), b0, b1, ref c20, ref c21);
    }

    /// <summary>A row whose element of A each multiply-add reads itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FirstRow(byte* a, nint offset, TVector b0, TVector b1, ref TVector c0, ref TVector c1)
    {
        c0 = TSimd.MultiplyAdd(TSimd.SplatOperand((float*)(a + offset)), b0, c0);
        if (sizeof(TColumns) > 1)
            c1 = TSimd.MultiplyAdd(TSimd.SplatOperand((float*)(a + offset)), b1, c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(float* a, TVector b0, TVector b1, ref TVector c0, ref TVector c1)
    {
        TVector x = TSimd.Splat(*a);
        c0 = TSimd.MultiplyAdd(x, b0, c0);
        if (sizeof(TColumns) > 1)
            c1 = TSimd.MultiplyAdd(x, b1, c1);
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// One register tile of a matrix product, c = init + a · w, up to 6 rows by 4 vectors. Four vectors wide because an LSTM's weights are
/// packed so that the four gates of one vector of units stand side by side.
/// </summary>
/// <remarks>
/// Register budget with 32 registers: 24 accumulators, 6 broadcasts, 1 vector of w at a time. With 16: 3 rows, 12 + 3 + 1; all four
/// vectors of w and one broadcast would be 17, and the one spilled sum costs a third of the speed. The accumulators
/// are named because only named locals stay in registers; sizes are types because only constants remove them. <see cref="InPairs"/> takes two terms
/// a round: 36 instructions a term instead of 38. Two rows whose broadcasts stand inside the multiply-adds would take fewer still, and were slower (0.97).
/// </remarks>
internal static unsafe class LSTMTile<TSimd, TVector, TRows, TVectors, TDuty>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TRows : unmanaged, ITileSize
    where TVectors : unmanaged, ITileSize
    where TDuty : unmanaged, ITileDuty
{
    /// <summary>Computes the tile.</summary>
    /// <param name="depth">Columns of a, rows of w.</param>
    /// <param name="a">First row of a.</param>
    /// <param name="lda">Distance of a's rows.</param>
    /// <param name="w">Packed weights, depth × (vectors of the tile).</param>
    /// <param name="init">What the sums start from, or null for zero; whole vectors unless it is c itself.</param>
    /// <param name="ldi">Distance of init's rows; 0 for one row (a bias) under all.</param>
    /// <param name="c">The result.</param>
    /// <param name="ldc">Distance of c's rows.</param>
    /// <param name="lastLanes">Lanes of the last vector that init and c have.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int depth, float* a, nint lda, TVector* w, float* init, nint ldi, float* c, nint ldc, int lastLanes)
    {
        TVector c00 = default, c01 = default, c02 = default, c03 = default;
        TVector c10 = default, c11 = default, c12 = default, c13 = default;
        TVector c20 = default, c21 = default, c22 = default, c23 = default;
        TVector c30 = default, c31 = default, c32 = default, c33 = default;
        TVector c40 = default, c41 = default, c42 = default, c43 = default;
        TVector c50 = default, c51 = default, c52 = default, c53 = default;
        if (init != null)
        {
            LoadRow(init, lastLanes, ref c00, ref c01, ref c02, ref c03);
            if (sizeof(TRows) > 1)
                LoadRow(init + (1 * ldi), lastLanes, ref c10, ref c11, ref c12, ref c13);
            if (sizeof(TRows) > 2)
                LoadRow(init + (2 * ldi), lastLanes, ref c20, ref c21, ref c22, ref c23);
            if (sizeof(TRows) > 3)
                LoadRow(init + (3 * ldi), lastLanes, ref c30, ref c31, ref c32, ref c33);
            if (sizeof(TRows) > 4)
                LoadRow(init + (4 * ldi), lastLanes, ref c40, ref c41, ref c42, ref c43);
            if (sizeof(TRows) > 5)
                LoadRow(init + (5 * ldi), lastLanes, ref c50, ref c51, ref c52, ref c53);
        }
        float* a0 = a;
        float* a1 = a + (1 * lda);
        float* a2 = a + (2 * lda);
        float* a3 = a + (3 * lda);
        float* a4 = a + (4 * lda);
        float* a5 = a + (5 * lda);
        nint k = 0;
        if (sizeof(TDuty) > 1)
        {
            for (; k < depth - 1; k += 2)
            {
                Term<One>(
                    w, a0, a1, a2, a3, a4, a5, k,
                    ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13, ref c20, ref c21, ref c22, ref c23,
                    ref c30, ref c31, ref c32, ref c33, ref c40, ref c41, ref c42, ref c43, ref c50, ref c51, ref c52, ref c53);
                Term<Two>(
                    w, a0, a1, a2, a3, a4, a5, k,
                    ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13, ref c20, ref c21, ref c22, ref c23,
                    ref c30, ref c31, ref c32, ref c33, ref c40, ref c41, ref c42, ref c43, ref c50, ref c51, ref c52, ref c53);
                w += 2 * sizeof(TVectors);
            }
        }
        for (; k < depth; k++)
        {
            Term<One>(
                w, a0, a1, a2, a3, a4, a5, k,
                ref c00, ref c01, ref c02, ref c03, ref c10, ref c11, ref c12, ref c13, ref c20, ref c21, ref c22, ref c23,
                ref c30, ref c31, ref c32, ref c33, ref c40, ref c41, ref c42, ref c43, ref c50, ref c51, ref c52, ref c53);
            w += sizeof(TVectors);
        }
        StoreRow(c, lastLanes, c00, c01, c02, c03);
        if (sizeof(TRows) > 1)
            StoreRow(c + (1 * ldc), lastLanes, c10, c11, c12, c13);
        if (sizeof(TRows) > 2)
            StoreRow(c + (2 * ldc), lastLanes, c20, c21, c22, c23);
        if (sizeof(TRows) > 3)
            StoreRow(c + (3 * ldc), lastLanes, c30, c31, c32, c33);
        if (sizeof(TRows) > 4)
            StoreRow(c + (4 * ldc), lastLanes, c40, c41, c42, c43);
        if (sizeof(TRows) > 5)
            StoreRow(c + (5 * ldc), lastLanes, c50, c51, c52, c53);
    }

    // Term k of all sums, or the one after it. 32 arguments are as many as the compiler inlines.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Term<TOrdinal>(
        TVector* w, float* a0, float* a1, float* a2, float* a3, float* a4, float* a5, nint k,
        ref TVector c00, ref TVector c01, ref TVector c02, ref TVector c03, ref TVector c10, ref TVector c11, ref TVector c12, ref TVector c13,
        ref TVector c20, ref TVector c21, ref TVector c22, ref TVector c23, ref TVector c30, ref TVector c31, ref TVector c32, ref TVector c33,
        ref TVector c40, ref TVector c41, ref TVector c42, ref TVector c43, ref TVector c50, ref TVector c51, ref TVector c52, ref TVector c53)
        where TOrdinal : unmanaged, ITileSize
    {
        int later = sizeof(TOrdinal) - 1;
        int first = later * sizeof(TVectors);
        TVector x0 = TSimd.Splat(a0[k + later]);
        TVector x1 = sizeof(TRows) > 1 ? TSimd.Splat(a1[k + later]) : default;
        TVector x2 = sizeof(TRows) > 2 ? TSimd.Splat(a2[k + later]) : default;
        TVector x3 = sizeof(TRows) > 3 ? TSimd.Splat(a3[k + later]) : default;
        TVector x4 = sizeof(TRows) > 4 ? TSimd.Splat(a4[k + later]) : default;
        TVector x5 = sizeof(TRows) > 5 ? TSimd.Splat(a5[k + later]) : default;
        Column(w + first, x0, x1, x2, x3, x4, x5, ref c00, ref c10, ref c20, ref c30, ref c40, ref c50);
        if (sizeof(TVectors) > 1)
            Column(w + first + 1, x0, x1, x2, x3, x4, x5, ref c01, ref c11, ref c21, ref c31, ref c41, ref c51);
        if (sizeof(TVectors) > 2)
            Column(w + first + 2, x0, x1, x2, x3, x4, x5, ref c02, ref c12, ref c22, ref c32, ref c42, ref c52);
        if (sizeof(TVectors) > 3)
            Column(w + first + 3, x0, x1, x2, x3, x4, x5, ref c03, ref c13, ref c23, ref c33, ref c43, ref c53);
    }

    // One vector of w times the rows' elements.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column(
        TVector* w, TVector x0, TVector x1, TVector x2, TVector x3, TVector x4, TVector x5,
        ref TVector c0, ref TVector c1, ref TVector c2, ref TVector c3, ref TVector c4, ref TVector c5)
    {
        TVector v = *w;
        c0 = TSimd.MultiplyAdd(x0, v, c0);
        if (sizeof(TRows) > 1)
            c1 = TSimd.MultiplyAdd(x1, v, c1);
        if (sizeof(TRows) > 2)
            c2 = TSimd.MultiplyAdd(x2, v, c2);
        if (sizeof(TRows) > 3)
            c3 = TSimd.MultiplyAdd(x3, v, c3);
        if (sizeof(TRows) > 4)
            c4 = TSimd.MultiplyAdd(x4, v, c4);
        if (sizeof(TRows) > 5)
            c5 = TSimd.MultiplyAdd(x5, v, c5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadRow(float* row, int lastLanes, ref TVector v0, ref TVector v1, ref TVector v2, ref TVector v3)
    {
        TVector last = TSimd.LoadPartial((float*)((TVector*)row + sizeof(TVectors) - 1), lastLanes);
        v0 = sizeof(TVectors) > 1 ? *(TVector*)row : last;
        if (sizeof(TVectors) > 1)
            v1 = sizeof(TVectors) > 2 ? ((TVector*)row)[1] : last;
        if (sizeof(TVectors) > 2)
            v2 = sizeof(TVectors) > 3 ? ((TVector*)row)[2] : last;
        if (sizeof(TVectors) > 3)
            v3 = last;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow(float* row, int lastLanes, TVector v0, TVector v1, TVector v2, TVector v3)
    {
        if (sizeof(TVectors) > 1)
            *(TVector*)row = v0;
        if (sizeof(TVectors) > 2)
            ((TVector*)row)[1] = v1;
        if (sizeof(TVectors) > 3)
            ((TVector*)row)[2] = v2;
        TVector* end = (TVector*)row + sizeof(TVectors) - 1;
        TVector last = sizeof(TVectors) == 1 ? v0 : sizeof(TVectors) == 2 ? v1 : sizeof(TVectors) == 3 ? v2 : v3;
        if (lastLanes < sizeof(TVector) / sizeof(float))
            TSimd.StorePartial((float*)end, last, lastLanes);
        else
            *end = last;
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// One register tile of a matrix product, c = init + a · w, up to 6 rows by 4 vectors. Four vectors wide because an LSTM's weights are
/// packed so that the four gates of one vector of units stand side by side.
/// </summary>
/// <remarks>
/// Register budget with 32 registers: 24 accumulators, 6 broadcasts, 1 vector of w at a time. With 16: 3 rows, 12 + 3 + 1; all four
/// vectors of w and one broadcast would be 17, and the one spilled sum costs a third of the speed. The accumulators
/// are named because only named locals stay in registers; sizes are types because only constants remove them.
/// </remarks>
internal static unsafe class LSTMTile<TSimd, TVector, TRows, TVectors>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TRows : unmanaged, ITileSize
    where TVectors : unmanaged, ITileSize
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
    public static void Run(int depth, float* a, nint lda, float* w, float* init, nint ldi, float* c, nint ldc, int lastLanes)
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
        for (nint k = 0; k < depth; k++)
        {
            TVector x0 = TSimd.Splat(a0[k]);
            TVector x1 = sizeof(TRows) > 1 ? TSimd.Splat(a1[k]) : default;
            TVector x2 = sizeof(TRows) > 2 ? TSimd.Splat(a2[k]) : default;
            TVector x3 = sizeof(TRows) > 3 ? TSimd.Splat(a3[k]) : default;
            TVector x4 = sizeof(TRows) > 4 ? TSimd.Splat(a4[k]) : default;
            TVector x5 = sizeof(TRows) > 5 ? TSimd.Splat(a5[k]) : default;
            TVector w0 = TSimd.Load(w);
            c00 = TSimd.MultiplyAdd(x0, w0, c00);
            if (sizeof(TRows) > 1)
                c10 = TSimd.MultiplyAdd(x1, w0, c10);
            if (sizeof(TRows) > 2)
                c20 = TSimd.MultiplyAdd(x2, w0, c20);
            if (sizeof(TRows) > 3)
                c30 = TSimd.MultiplyAdd(x3, w0, c30);
            if (sizeof(TRows) > 4)
                c40 = TSimd.MultiplyAdd(x4, w0, c40);
            if (sizeof(TRows) > 5)
                c50 = TSimd.MultiplyAdd(x5, w0, c50);
            if (sizeof(TVectors) > 1)
            {
                TVector w1 = TSimd.Load(w + TSimd.Count);
                c01 = TSimd.MultiplyAdd(x0, w1, c01);
                if (sizeof(TRows) > 1)
                    c11 = TSimd.MultiplyAdd(x1, w1, c11);
                if (sizeof(TRows) > 2)
                    c21 = TSimd.MultiplyAdd(x2, w1, c21);
                if (sizeof(TRows) > 3)
                    c31 = TSimd.MultiplyAdd(x3, w1, c31);
                if (sizeof(TRows) > 4)
                    c41 = TSimd.MultiplyAdd(x4, w1, c41);
                if (sizeof(TRows) > 5)
                    c51 = TSimd.MultiplyAdd(x5, w1, c51);
            }
            if (sizeof(TVectors) > 2)
            {
                TVector w2 = TSimd.Load(w + (2 * TSimd.Count));
                c02 = TSimd.MultiplyAdd(x0, w2, c02);
                if (sizeof(TRows) > 1)
                    c12 = TSimd.MultiplyAdd(x1, w2, c12);
                if (sizeof(TRows) > 2)
                    c22 = TSimd.MultiplyAdd(x2, w2, c22);
                if (sizeof(TRows) > 3)
                    c32 = TSimd.MultiplyAdd(x3, w2, c32);
                if (sizeof(TRows) > 4)
                    c42 = TSimd.MultiplyAdd(x4, w2, c42);
                if (sizeof(TRows) > 5)
                    c52 = TSimd.MultiplyAdd(x5, w2, c52);
            }
            if (sizeof(TVectors) > 3)
            {
                TVector w3 = TSimd.Load(w + (3 * TSimd.Count));
                c03 = TSimd.MultiplyAdd(x0, w3, c03);
                if (sizeof(TRows) > 1)
                    c13 = TSimd.MultiplyAdd(x1, w3, c13);
                if (sizeof(TRows) > 2)
                    c23 = TSimd.MultiplyAdd(x2, w3, c23);
                if (sizeof(TRows) > 3)
                    c33 = TSimd.MultiplyAdd(x3, w3, c33);
                if (sizeof(TRows) > 4)
                    c43 = TSimd.MultiplyAdd(x4, w3, c43);
                if (sizeof(TRows) > 5)
                    c53 = TSimd.MultiplyAdd(x5, w3, c53);
            }
            w += sizeof(TVectors) * TSimd.Count;
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadRow(float* row, int lastLanes, ref TVector v0, ref TVector v1, ref TVector v2, ref TVector v3)
    {
        v0 = sizeof(TVectors) > 1 ? TSimd.Load(row) : TSimd.LoadPartial(row, lastLanes);
        if (sizeof(TVectors) > 1)
            v1 = sizeof(TVectors) > 2 ? TSimd.Load(row + TSimd.Count) : TSimd.LoadPartial(row + TSimd.Count, lastLanes);
        if (sizeof(TVectors) > 2)
            v2 = sizeof(TVectors) > 3 ? TSimd.Load(row + (2 * TSimd.Count)) : TSimd.LoadPartial(row + (2 * TSimd.Count), lastLanes);
        if (sizeof(TVectors) > 3)
            v3 = TSimd.LoadPartial(row + (3 * TSimd.Count), lastLanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow(float* row, int lastLanes, TVector v0, TVector v1, TVector v2, TVector v3)
    {
        StoreVector(row, v0, sizeof(TVectors) == 1, lastLanes);
        if (sizeof(TVectors) > 1)
            StoreVector(row + TSimd.Count, v1, sizeof(TVectors) == 2, lastLanes);
        if (sizeof(TVectors) > 2)
            StoreVector(row + (2 * TSimd.Count), v2, sizeof(TVectors) == 3, lastLanes);
        if (sizeof(TVectors) > 3)
            StoreVector(row + (3 * TSimd.Count), v3, true, lastLanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreVector(float* row, TVector value, bool isLast, int lastLanes)
    {
        if (isLast && lastLanes < TSimd.Count)
            TSimd.StorePartial(row, value, lastLanes);
        else
            TSimd.Store(row, value);
    }
}

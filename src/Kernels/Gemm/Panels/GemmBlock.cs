using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>The loops around the tiles: row tiles outside, panels of B inside, so that a tile's rows of A stay in L1 while B streams from L2.</summary>
internal static unsafe class GemmBlock<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Floats. Rows 4 KB apart compete for the same set of L1, and with B for its 12 ways. They are copied where many panels use them, and
    /// where a tile alone has more of them than ways.</summary>
    public const int AliasingStride = 1024;

    // A transposed A of up to 32 KB lies in L1 as it is: packing it cost 5 % at (128, 32)ᵀ · (128, 512).
    public const int SmallA = 8192;

    /// <summary>Floats of a whole tile, spilled: 9 rows of 4 vectors, and of a padded bias behind it.</summary>
    public static int SpillLength => 40 * TSimd.Count;

    /// <summary>Floats of working memory that <see cref="Run"/> needs: a spilled tile and a tile's packed rows of A.</summary>
    public static int ScratchLength(in GemmPlan plan)
        => SpillLength + GemmRowPacking<TSimd, TVector>.TileLength(plan.TileRows, plan.BlockK);

    /// <summary>Computes rows [<paramref name="row"/>, <paramref name="rowEnd"/>) and columns [<paramref name="column"/>, <paramref name="columnEnd"/>)
    /// of C for the part [<paramref name="k"/>, <paramref name="kEnd"/>) of the sums, block after block.</summary>
    /// <param name="p">The product.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="panels">B; panel 0 begins at <paramref name="panelColumn"/>.</param>
    /// <param name="panelColumn">The column of C where panel 0 begins.</param>
    /// <param name="row">First row.</param>
    /// <param name="rowEnd">Row after the last.</param>
    /// <param name="column">First column, the first of a panel.</param>
    /// <param name="columnEnd">Column after the last: N, or the first of a panel.</param>
    /// <param name="k">First index of the sums, the first of a block.</param>
    /// <param name="kEnd">Index after the last: K, or the first of a block.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> aligned floats.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        in GemmProblem p, in GemmPlan plan, in GemmPanels panels, int panelColumn,
        int row, int rowEnd, int column, int columnEnd, int k, int kEnd, float* scratch)
    {
        GemmTileCall call = default;
        call.Spill = scratch;
        call.RowStrideC = p.RowStrideC;
        call.Alpha = p.Alpha;
        float* packedA = scratch + SpillLength;
        var tiles = new GemmRowTiles(rowEnd - row, plan.TileRows);
        int width = plan.PanelColumns;
        bool reused = columnEnd - column >= 4 * width;
        // Lines 2 KB apart share two sets of L1 and are gone before the next panel passes: from the third panel on a copy costs less ((1024, 128)ᵀ · (1024, 128): 1.1 times as fast; of two 0.9).
        bool crowded = p.ColumnStrideA % (AliasingStride / 2) == 0 && columnEnd - column > 2 * width;
        bool packColumns = (reused || crowded) && p.ColumnStrideA != 1 && p.RowStrideA == 1 && p.ColumnStrideA * Math.Min(plan.BlockK, kEnd - k) > SmallA;
        bool aliasing = (reused || plan.TileRows > 9) && p.RowStrideA % AliasingStride == 0 && p.RowStrideA != 0;
        bool packRows = (plan.PacksRows || aliasing) && p.ColumnStrideA == 1;

        for (int n = column; n < columnEnd; n += plan.BlockN)
        {
            int nEnd = Math.Min(columnEnd, n + plan.BlockN);
            int wholeEnd = n + ((nEnd - n) / width * width);
            int firstPanel = n == panelColumn ? 0 : (n - panelColumn) / width;
            int edge = nEnd - wholeEnd;
            int edgeVectors = (edge + TSimd.Count - 1) / TSimd.Count;
            int edgeLast = edge - ((edgeVectors - 1) * TSimd.Count);
            for (int kk = k; kk < kEnd; kk += plan.BlockK)
            {
                int depth = Math.Min(plan.BlockK, kEnd - kk);
                bool last = kk + depth == p.K;
                GemmStore ending = p.Ending(kk == 0, last);
                // Rows of C that are one panel and follow each other: a tile stores whole vectors, and what hangs over its rows the next ones overwrite.
                bool hangsOver = edge > 0 && edgeLast != TSimd.Count && edge == p.N && p.RowStrideC == p.N && panels.Overlap == 0 && (ending & GemmStore.Add) == 0;
                float* bias = p.Bias + wholeEnd;
                if (hangsOver && (ending & GemmStore.Bias) != 0)
                {
                    bias = scratch + (36 * TSimd.Count);
                    for (int j = 0; j < edge; j += TSimd.Count)
                        *(TVector*)(bias + j) = TSimd.LoadPartial(p.Bias + j, Math.Min(TSimd.Count, edge - j));
                }
                call.Beta = p.FactorOfC(kk == 0);
                call.K = depth;
                int m = row;
                int height = 0;
                delegate*<GemmTileCall*, void> body = null;
                for (int tile = 0; tile < tiles.Count; tile++)
                {
                    int h = tiles.Height(tile);
                    if (h != height)
                    {
                        body = GemmTiles<TSimd, TVector>.Of(plan.Wide, h, plan.TileVectors, plan.InPairs);
                        height = h;
                    }
                    call.A = p.A + (m * p.RowStrideA) + (kk * p.ColumnStrideA);
                    call.RowStrideA = p.RowStrideA;
                    call.ColumnStrideA = p.ColumnStrideA;
                    if (panels.PackedA != null)
                    {
                        call.A = panels.PackedA + (tile * panels.PackedTile);
                        call.RowStrideA = 1;
                        call.ColumnStrideA = h;
                    }
                    else if (packColumns)
                    {
                        GemmRowPacking<TSimd, TVector>.Columns(call.A, p.ColumnStrideA, depth, h, p.M - m, packedA);
                        call.A = packedA;
                        call.ColumnStrideA = h;
                    }
                    else if (packRows)
                    {
                        GemmRowPacking<TSimd, TVector>.Rows(call.A, p.RowStrideA, depth, h, packedA);
                        call.A = packedA;
                        call.RowStrideA = 1;
                        call.ColumnStrideA = h;
                    }
                    call.Store = ending;
                    float* c = p.C + (m * p.RowStrideC);
                    int panel = firstPanel;
                    for (int j = n; j < wholeEnd; j += width, panel++)
                    {
                        SetPanel(ref call, panels, panel, width, width, kk);
                        if (plan.Streams && panel < panels.FirstPacked)
                            FetchNext(call, p.K - kk, tile, tiles.Count, width);
                        call.C = c + j;
                        call.Bias = p.Bias + j;
                        body(&call);
                    }
                    if (edge > 0)
                    {
                        SetPanel(ref call, panels, panel, width, edgeVectors * TSimd.Count, kk);
                        call.C = c + wholeEnd;
                        call.Bias = bias;
                        call.LastCount = edgeLast;
                        if (panels.Overlap != 0)
                        {
                            call.B -= panels.Overlap;
                            call.C -= panels.Overlap;
                            call.Bias -= panels.Overlap;
                        }
                        else if (edgeLast != TSimd.Count && !(hangsOver && (rowEnd - m - h) * (long)edge >= (edgeVectors * TSimd.Count) - edge))
                        {
                            call.Store = ending | GemmStore.Partial;
                        }
                        GemmTiles<TSimd, TVector>.Of(plan.Wide, h, edgeVectors, plan.InPairs)(&call);
                    }
                    if (last && p.NeedsActivationPass)
                        GemmActivation<TSimd, TVector>.Rows(p.Activation, c + n, p.RowStrideC, h, nEnd - n);
                    m += h;
                }
            }
        }
    }

    /// <summary>This tile's share of the panel's next block of K: the row tiles fetch it together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FetchNext(in GemmTileCall call, int left, int tile, int tiles, int width)
    {
        int depth = (int)call.K;
        int next = Math.Min(depth, left - depth);
        int from = next * tile / tiles;
        CacheHint.RowsToL2(call.B + ((depth + from) * call.RowStrideB), call.RowStrideB, (next * (tile + 1) / tiles) - from, width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetPanel(ref GemmTileCall call, in GemmPanels panels, int panel, int width, int packedWidth, int k)
    {
        if (panel < panels.FirstPacked)
        {
            call.B = panels.Direct + ((nint)panel * width) + (k * panels.DirectStride);
            call.RowStrideB = panels.DirectStride;
        }
        else
        {
            call.B = panels.Packed + ((panel - panels.FirstPacked) * panels.PackedPanel) + ((nint)(k - panels.PackedK) * packedWidth);
            call.RowStrideB = packedWidth;
        }
    }
}

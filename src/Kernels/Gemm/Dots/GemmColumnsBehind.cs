using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// Few columns that are left behind whole vectors, as dot products with rows of A that the tiles have just read: a vector of tiles for them would be nearly empty.
/// </summary>
internal static unsafe class GemmColumnsBehind<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // Five lose 5 % and more at 69³, 85³.
    private const int MostColumns = 4;

    // Rows that share a vector of B: so many chains of multiply-adds are what hides their latency. Two columns share a vector of A where there are registers for
    // their sums: as rows begin anywhere in a cache line, loading A is what takes the time.
    private const int GroupRows = 8;

    // What a sum takes besides its terms, in vectors of terms: adding its lanes, storing it, and its share of the loops. As measured: four columns gain 4 to 7 %
    // with 128 terms and nothing with 100, three nothing with 67.
    private const int SumCost = 20;

    /// <summary>How many columns of a product are left to this; 0 where tiles are as good.</summary>
    public static int Of(in GemmProblem p)
    {
        int columns = p.N % TSimd.Count;
        return columns is > 0 and <= MostColumns && p.N > 2 * TSimd.Count && p.M >= GroupRows && p.M < GemmPlan.PackingRows && p.ColumnStrideA == 1 && p.ColumnStrideB == 1
            && p.K >= 2 * TSimd.Count && !CacheHint.IsFar((long)p.K * p.N) && columns * ((p.K / TSimd.Count) + SumCost) < p.K ? columns : 0;
    }

    /// <summary>Rows [<paramref name="row"/>, <paramref name="rowEnd"/>) of the columns behind N.</summary>
    public static void Run(in GemmProblem p, int row, int rowEnd, Scratch scratch)
    {
        int pitch = AlignedBuffer.RoundUp(p.K);
        // The last rows form a whole group with their neighbours; where those are another chunk's, their sums go nowhere.
        int end = Math.Max(rowEnd, GroupRows);
        int first = Math.Min(row, end - GroupRows);
        int rows = end - first;
        int turned = NarrowPacking<TSimd, TVector>.Rows(p.Behind) * pitch;
        float* columns = scratch.Rent(turned + (2 * rows));
        float* sums = columns + turned;
        NarrowPacking<TSimd, TVector>.ToRows(p.B + p.N, p.RowStrideB, p.K, p.Behind, columns, pitch);
        for (int n = 0; n < p.Behind; n++)
        {
            bool two = TSimd.Registers >= 32 && n + 1 < p.Behind;
            for (int m = first; m < end; m += GroupRows)
            {
                int from = Math.Min(m, end - GroupRows);
                float* a = p.A + (from * p.RowStrideA);
                if (two)
                    EightRows<Two>(a, p.RowStrideA, columns, pitch, p.K, sums + from - first, rows);
                else
                    EightRows<One>(a, p.RowStrideA, columns, pitch, p.K, sums + from - first, rows);
            }
            Finish(p, p.N + n, row, rowEnd, sums + (row - first));
            columns += pitch;
            if (two)
            {
                Finish(p, p.N + ++n, row, rowEnd, sums + rows + (row - first));
                columns += pitch;
            }
        }
        if (p.NeedsActivationPass)
            GemmActivation<TSimd, TVector>.Rows(p.Activation, p.C + (row * p.RowStrideC) + p.N, p.RowStrideC, rowEnd - row, p.Behind);
    }

    /// <summary>Dot products of one or two columns of B with eight rows of A.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EightRows<TColumns>(float* a, nint stride, float* x, nint pitch, int terms, float* sums, nint sumsPitch)
        where TColumns : unmanaged, ITileSize
    {
        TVector s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        TVector t0 = default, t1 = default, t2 = default, t3 = default, t4 = default, t5 = default, t6 = default, t7 = default;
        float* a3 = a + (3 * stride);
        float* a6 = a3 + (3 * stride);
        nint k = terms;
        for (; k >= TSimd.Count; k -= TSimd.Count)
        {
            Step<TColumns, WholeVectors<TSimd, TVector>>(
                a, a3, a6, stride, x, pitch, TSimd.Count, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref t0, ref t1, ref t2, ref t3, ref t4, ref t5, ref t6, ref t7);
            x += TSimd.Count;
            a += TSimd.Count;
            a3 += TSimd.Count;
            a6 += TSimd.Count;
        }
        if (k > 0)
        {
            Step<TColumns, FirstLanes<TSimd, TVector>>(
                a, a3, a6, stride, x, pitch, (int)k, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref t0, ref t1, ref t2, ref t3, ref t4, ref t5, ref t6, ref t7);
        }
        TSimd.SumEight(s0, s1, s2, s3, s4, s5, s6, s7, sums);
        if (sizeof(TColumns) > 1)
            TSimd.SumEight(t0, t1, t2, t3, t4, t5, t6, t7, sums + sumsPitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TColumns, TAccess>(
        float* a, float* a3, float* a6, nint stride, float* x, nint pitch, int count,
        ref TVector s0, ref TVector s1, ref TVector s2, ref TVector s3, ref TVector s4, ref TVector s5, ref TVector s6, ref TVector s7,
        ref TVector t0, ref TVector t1, ref TVector t2, ref TVector t3, ref TVector t4, ref TVector t5, ref TVector t6, ref TVector t7)
        where TColumns : unmanaged, ITileSize
        where TAccess : struct, IVectorAccess<TVector>
    {
        TVector v = TAccess.Load(x, count), w = sizeof(TColumns) > 1 ? TAccess.Load(x + pitch, count) : default;
        Row<TColumns>(TAccess.Load(a, count), v, w, ref s0, ref t0);
        Row<TColumns>(TAccess.Load(a + stride, count), v, w, ref s1, ref t1);
        Row<TColumns>(TAccess.Load(a + (2 * stride), count), v, w, ref s2, ref t2);
        Row<TColumns>(TAccess.Load(a3, count), v, w, ref s3, ref t3);
        Row<TColumns>(TAccess.Load(a3 + stride, count), v, w, ref s4, ref t4);
        Row<TColumns>(TAccess.Load(a3 + (2 * stride), count), v, w, ref s5, ref t5);
        Row<TColumns>(TAccess.Load(a6, count), v, w, ref s6, ref t6);
        Row<TColumns>(TAccess.Load(a6 + stride, count), v, w, ref s7, ref t7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<TColumns>(TVector a, TVector v, TVector w, ref TVector s, ref TVector t)
        where TColumns : unmanaged, ITileSize
    {
        s = TSimd.MultiplyAdd(a, v, s);
        if (sizeof(TColumns) > 1)
            t = TSimd.MultiplyAdd(a, w, t);
    }

    private static void Finish(in GemmProblem p, int column, int row, int rowEnd, float* sums)
    {
        float* c = p.C + (row * p.RowStrideC) + column;
        nint step = p.RowStrideC;
        nint rows = rowEnd - row;
        if (p.EndsPlain)
        {
            for (nint m = 0; m < rows; m++, c += step)
                *c = sums[m];
            return;
        }
        float* bias = p.Bias == null ? null : p.Bias + column;
        for (nint m = 0; m < rows; m++, c += step)
            *c = p.Finished(sums[m], c, bias);
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// A vector times a matrix whose rows are contiguous: <c>y[n] = Σ x[k] · B[k, n]</c>. 8 vectors of y stay in registers, which is what hides
/// the latency of the multiply-add; every element of B is read once, so L2 or memory sets the pace.
/// </summary>
internal static unsafe class GemvRows<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // Shorter vectors have no masks on every processor.
    private const int MaskedWidth = 8;

    /// <summary>Columns <paramref name="column"/> … <paramref name="columnEnd"/> − 1 of a product with one row; B's columns are contiguous.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in GemmProblem p, int column, int columnEnd)
    {
        int width = TSimd.Count;
        GemmStore ending = p.Ending(first: true, last: true);
        nint xStep = p.ColumnStrideA;
        nint step = p.RowStrideB;
        int n = column;
        for (; n <= columnEnd - (8 * width); n += 8 * width)
            Eight<WholeVectors<TSimd, TVector>>(p, n, 8 * width, ending);
        if (width >= MaskedWidth)
        {
            if (columnEnd - n > 4 * width)
                Eight<FirstLanes<TSimd, TVector>>(p, n, columnEnd - n, ending);
            else if (n < columnEnd)
                Four<FirstLanes<TSimd, TVector>>(p, n, columnEnd - n, ending);
            n = columnEnd;
        }
        for (; n <= columnEnd - (4 * width); n += 4 * width)
            Four<WholeVectors<TSimd, TVector>>(p, n, 4 * width, ending);
        for (; n < columnEnd; n += width)
        {
            int count = Math.Min(width, columnEnd - n);
            TVector c0 = default;
            float* x = p.A;
            float* b = p.B + n;
            for (int k = 0; k < p.K; k++)
            {
                c0 = TSimd.MultiplyAdd(TSimd.Splat(*x), TSimd.LoadPartial(b, count), c0);
                x += xStep;
                b += step;
            }
            Finish(p, n, ending, c0, count);
        }
        if (p.NeedsActivationPass)
            GemmActivation<TSimd, TVector>.Rows(p.Activation, p.C + column, 0, 1, columnEnd - column);
    }

    // Apart, because most layers of small models have fewer columns, and this is most of what there is to compile. The last four vectors are whole or not or empty.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight<TAccess>(in GemmProblem p, int n, int count, GemmStore ending)
        where TAccess : struct, IVectorAccess<TVector>
    {
        int width = TSimd.Count;
        nint xStep = p.ColumnStrideA;
        nint step = p.RowStrideB;
        int rest = count - (4 * width);
        TVector c0 = default, c1 = default, c2 = default, c3 = default;
        TVector c4 = default, c5 = default, c6 = default, c7 = default;
        float* x = p.A;
        float* b = p.B + n;
        for (int k = 0; k < p.K; k++)
        {
            TVector a = TSimd.Splat(*x);
            c0 = TSimd.MultiplyAdd(a, *(TVector*)b, c0);
            c1 = TSimd.MultiplyAdd(a, *(TVector*)(b + width), c1);
            c2 = TSimd.MultiplyAdd(a, *(TVector*)(b + (2 * width)), c2);
            c3 = TSimd.MultiplyAdd(a, *(TVector*)(b + (3 * width)), c3);
            c4 = TSimd.MultiplyAdd(a, TAccess.Load(b + (4 * width), rest), c4);
            c5 = TSimd.MultiplyAdd(a, TAccess.Load(b + (5 * width), rest - width), c5);
            c6 = TSimd.MultiplyAdd(a, TAccess.Load(b + (6 * width), rest - (2 * width)), c6);
            c7 = TSimd.MultiplyAdd(a, TAccess.Load(b + (7 * width), rest - (3 * width)), c7);
            x += xStep;
            b += step;
        }
        Finish(p, n, ending, c0);
        Finish(p, n + width, ending, c1);
        Finish(p, n + (2 * width), ending, c2);
        Finish(p, n + (3 * width), ending, c3);
        Finish(p, n + (4 * width), ending, c4, rest);
        if (rest > width)
            Finish(p, n + (5 * width), ending, c5, rest - width);
        if (rest > 2 * width)
            Finish(p, n + (6 * width), ending, c6, rest - (2 * width));
        if (rest > 3 * width)
            Finish(p, n + (7 * width), ending, c7, rest - (3 * width));
    }

    /// <summary>
    /// Up to four vectors together, the last ones whole or not or empty: chains of multiply-adds that are computed one after another take as long each.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four<TAccess>(in GemmProblem p, int n, int count, GemmStore ending)
        where TAccess : struct, IVectorAccess<TVector>
    {
        int width = TSimd.Count;
        nint xStep = p.ColumnStrideA;
        nint step = p.RowStrideB;
        TVector c0 = default, c1 = default, c2 = default, c3 = default;
        float* x = p.A;
        float* b = p.B + n;
        for (int k = p.K; k > 0; k--)
        {
            TVector a = TSimd.Splat(*x);
            c0 = TSimd.MultiplyAdd(a, TAccess.Load(b, count), c0);
            c1 = TSimd.MultiplyAdd(a, TAccess.Load(b + width, count - width), c1);
            c2 = TSimd.MultiplyAdd(a, TAccess.Load(b + (2 * width), count - (2 * width)), c2);
            c3 = TSimd.MultiplyAdd(a, TAccess.Load(b + (3 * width), count - (3 * width)), c3);
            x += xStep;
            b += step;
        }
        Finish(p, n, ending, c0, count);
        if (count > width)
            Finish(p, n + width, ending, c1, count - width);
        if (count > 2 * width)
            Finish(p, n + (2 * width), ending, c2, count - (2 * width));
        if (count > 3 * width)
            Finish(p, n + (3 * width), ending, c3, count - (3 * width));
    }

    private static void Finish(in GemmProblem p, int n, GemmStore ending, TVector value, int count)
    {
        if (count >= TSimd.Count)
            Finish(p, n, ending, value);
        else
            TSimd.StorePartial(p.C + n, GemmTileStore<TSimd, TVector>.Finish(ending, p.Alpha, p.FactorOfC(first: true), value, p.C + n, p.Bias + n, count), count);
    }

    // Whole vectors, without the masks of GemmTileStore.Finish.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(in GemmProblem p, int n, GemmStore ending, TVector value)
    {
        if ((ending & (GemmStore.Scale | GemmStore.Bias)) != 0)
            value = TSimd.MultiplyAdd(value, TSimd.Splat(p.FactorOfProduct), (ending & GemmStore.Bias) != 0 ? *(TVector*)(p.Bias + n) : default);
        if ((ending & GemmStore.Add) != 0)
            value = TSimd.MultiplyAdd(TSimd.Splat(p.FactorOfC(first: true)), *(TVector*)(p.C + n), value);
        if ((ending & GemmStore.ReLU) != 0)
            value = GemmTileStore<TSimd, TVector>.ReLU(value);
        *(TVector*)(p.C + n) = value;
    }
}

/// <summary>Chunks of columns of a <see cref="GemvRows{TSimd, TVector}"/>.</summary>
internal struct GemvRowsJob<TSimd, TVector> : IChunkJob<GemvRowsJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public GemmProblem P;
    public int ChunkColumns;

    public static void Execute(ref GemvRowsJob<TSimd, TVector> job, int chunk, Scratch scratch)
        => GemvRows<TSimd, TVector>.Run(job.P, chunk * job.ChunkColumns, Math.Min(job.P.N, (chunk + 1) * job.ChunkColumns));
}

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
        int n = column;
        for (; n <= columnEnd - (8 * width); n += 8 * width)
            Eight<WholeVectors<TSimd, TVector>>(p, n, 8 * width, ending);
        if (width >= MaskedWidth)
        {
            if (columnEnd - n > 4 * width)
                Eight<FirstLanes<TSimd, TVector>>(p, n, columnEnd - n, ending);
            else if (n < columnEnd)
                Four<FirstLanes<TSimd, TVector>>(p, n, columnEnd - n, ending);
        }
        else
        {
            for (; n <= columnEnd - (4 * width); n += 4 * width)
                Four<WholeVectors<TSimd, TVector>>(p, n, 4 * width, ending);
            for (; n < columnEnd; n += width)
                One(p, n, Math.Min(width, columnEnd - n), ending);
        }
        if (p.NeedsActivationPass)
            GemmActivation<TSimd, TVector>.Rows(p.Activation, p.C + column, 0, 1, columnEnd - column);
    }

    // Apart, because most layers of small models have fewer columns, and this is most of what there is to compile. The last four vectors are whole or not or empty.
    [SkipLocalsInit]
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
        TVector* sums = stackalloc TVector[8];
        sums[0] = c0;
        sums[1] = c1;
        sums[2] = c2;
        sums[3] = c3;
        sums[4] = c4;
        sums[5] = c5;
        sums[6] = c6;
        sums[7] = c7;
        Finish(p, n, ending, sums, count);
    }

    /// <summary>
    /// Up to four vectors together, the last ones whole or not or empty: chains of multiply-adds that are computed one after another take as long each.
    /// </summary>
    [SkipLocalsInit]
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
        TVector* sums = stackalloc TVector[4];
        sums[0] = c0;
        sums[1] = c1;
        sums[2] = c2;
        sums[3] = c3;
        Finish(p, n, ending, sums, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(in GemmProblem p, int n, int count, GemmStore ending)
    {
        TVector sum = default;
        float* x = p.A;
        float* b = p.B + n;
        for (int k = p.K; k > 0; k--)
        {
            sum = TSimd.MultiplyAdd(TSimd.Splat(*x), TSimd.LoadPartial(b, count), sum);
            x += p.ColumnStrideA;
            b += p.RowStrideB;
        }
        // A variable whose address is taken stays in memory.
        TVector result = sum;
        Finish(p, n, ending, &result, count);
    }

    // By one loop over sums that have been laid down: an ending written out for each vector took longer to compile than all else here.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Finish(in GemmProblem p, int n, GemmStore ending, TVector* sums, int count)
    {
        float* c = p.C + n;
        float* bias = p.Bias + n;
        float beta = p.FactorOfC(first: true);
        for (; count >= TSimd.Count; count -= TSimd.Count)
        {
            TVector value = *sums++;
            if ((ending & (GemmStore.Scale | GemmStore.Bias)) != 0)
                value = TSimd.MultiplyAdd(value, TSimd.Splat(p.FactorOfProduct), (ending & GemmStore.Bias) != 0 ? *(TVector*)bias : default);
            if ((ending & GemmStore.Add) != 0)
                value = TSimd.MultiplyAdd(TSimd.Splat(beta), *(TVector*)c, value);
            if ((ending & GemmStore.ReLU) != 0)
                value = GemmTileStore<TSimd, TVector>.ReLU(value);
            *(TVector*)c = value;
            c += TSimd.Count;
            bias += TSimd.Count;
        }
        if (count > 0)
            TSimd.StorePartial(c, GemmTileStore<TSimd, TVector>.Finish(ending, p.Alpha, beta, *sums, c, bias, count), count);
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

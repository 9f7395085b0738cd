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
    /// <summary>Columns <paramref name="column"/> … <paramref name="columnEnd"/> − 1 of a product with one row; B's columns are contiguous.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in GemmProblem p, int column, int columnEnd)
    {
        int width = TSimd.Count;
        GemmStore ending = p.Ending(first: true, last: true);
        for (int n = column; n < columnEnd; n += 8 * width)
        {
            int count = Math.Min(8 * width, columnEnd - n);
            if (count > 4 * width)
                Eight(p, n, count, ending);
            else if (count > 2 * width)
                Four(p, n, count, ending);
            else if (count > width)
                Two(p, n, count, ending);
            else
                One(p, n, count, ending);
        }
        if (p.NeedsActivationPass)
            GemmActivation<TSimd, TVector>.Rows(p.Activation, p.C + column, 0, 1, columnEnd - column);
    }

    // Vectors that would not be whole, or are not needed, begin so early that they end with the columns: what is computed twice comes out the same, and no load needs a mask
    // ((1, 128) · (128, 32) takes half the time that masks took). Eight, four and two apart, because a model needs one of them and each is much to compile.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight(in GemmProblem p, int n, int count, GemmStore ending)
    {
        int width = TSimd.Count;
        nint xStep = p.ColumnStrideA;
        nint step = p.RowStrideB;
        nint o7 = count - width, o4 = Math.Min(4 * width, o7), o5 = Math.Min(5 * width, o7), o6 = Math.Min(6 * width, o7);
        TVector c0 = default, c1 = default, c2 = default, c3 = default;
        TVector c4 = default, c5 = default, c6 = default, c7 = default;
        float* x = p.A;
        float* b = p.B + n;
        for (int k = p.K; k > 0; k--)
        {
            TVector a = TSimd.Splat(*x);
            c0 = TSimd.MultiplyAdd(a, *(TVector*)b, c0);
            c1 = TSimd.MultiplyAdd(a, *(TVector*)(b + width), c1);
            c2 = TSimd.MultiplyAdd(a, *(TVector*)(b + (2 * width)), c2);
            c3 = TSimd.MultiplyAdd(a, *(TVector*)(b + (3 * width)), c3);
            c4 = TSimd.MultiplyAdd(a, *(TVector*)(b + o4), c4);
            c5 = TSimd.MultiplyAdd(a, *(TVector*)(b + o5), c5);
            c6 = TSimd.MultiplyAdd(a, *(TVector*)(b + o6), c6);
            c7 = TSimd.MultiplyAdd(a, *(TVector*)(b + o7), c7);
            x += xStep;
            b += step;
        }
        TVector* sums = stackalloc TVector[8];
        sums[0] = c0;
        sums[1] = c1;
        sums[2] = c2;
        sums[3] = c3;
        *(TVector*)((float*)sums + o4) = c4;
        *(TVector*)((float*)sums + o5) = c5;
        *(TVector*)((float*)sums + o6) = c6;
        *(TVector*)((float*)sums + o7) = c7;
        Finish(p, n, ending, sums, count);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(in GemmProblem p, int n, int count, GemmStore ending)
    {
        int width = TSimd.Count;
        nint xStep = p.ColumnStrideA;
        nint step = p.RowStrideB;
        nint o3 = count - width, o2 = Math.Min(2 * width, o3);
        TVector c0 = default, c1 = default, c2 = default, c3 = default;
        float* x = p.A;
        float* b = p.B + n;
        for (int k = p.K; k > 0; k--)
        {
            TVector a = TSimd.Splat(*x);
            c0 = TSimd.MultiplyAdd(a, *(TVector*)b, c0);
            c1 = TSimd.MultiplyAdd(a, *(TVector*)(b + width), c1);
            c2 = TSimd.MultiplyAdd(a, *(TVector*)(b + o2), c2);
            c3 = TSimd.MultiplyAdd(a, *(TVector*)(b + o3), c3);
            x += xStep;
            b += step;
        }
        TVector* sums = stackalloc TVector[4];
        sums[0] = c0;
        sums[1] = c1;
        *(TVector*)((float*)sums + o2) = c2;
        *(TVector*)((float*)sums + o3) = c3;
        Finish(p, n, ending, sums, count);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two(in GemmProblem p, int n, int count, GemmStore ending)
    {
        nint xStep = p.ColumnStrideA;
        nint step = p.RowStrideB;
        nint o1 = count - TSimd.Count;
        TVector c0 = default, c1 = default;
        float* x = p.A;
        float* b = p.B + n;
        for (int k = p.K; k > 0; k--)
        {
            TVector a = TSimd.Splat(*x);
            c0 = TSimd.MultiplyAdd(a, *(TVector*)b, c0);
            c1 = TSimd.MultiplyAdd(a, *(TVector*)(b + o1), c1);
            x += xStep;
            b += step;
        }
        TVector* sums = stackalloc TVector[2];
        sums[0] = c0;
        *(TVector*)((float*)sums + o1) = c1;
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

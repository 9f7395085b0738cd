using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// A matrix whose rows are contiguous times a vector: <c>y[m] = Σ A[m, k] · x[k]</c>, a dot product a row. Four rows (two with 16 registers) share each vector of x; four
/// accumulators a row hide the latency of the multiply-add, and are added in a fixed order.
/// </summary>
/// <remarks>
/// More rows mean fewer loads of x and more places that the processor fetches from at a time: four rows take 0.97 of the time of two for 32 rows of 64,000 from L3 and 0.9 for 32 of 16,000 from L2.
/// Eight, of two accumulators, take 0.83 there, but 1.02 in L3.
/// </remarks>
internal static unsafe class GemvDots<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Rows <paramref name="row"/> … <paramref name="rowEnd"/> − 1 of a product with one column; A's rows and B's column are contiguous.</summary>
    /// <param name="p">The product.</param>
    /// <param name="x">B's column.</param>
    /// <param name="biasStep">0 for one bias, 1 for one a row.</param>
    /// <param name="row">First row.</param>
    /// <param name="rowEnd">Row after the last.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in GemmProblem p, float* x, int biasStep, int row, int rowEnd)
    {
        bool plain = p.EndsPlain;
        float* sums = stackalloc float[4];
        int m = row;
        while (m < rowEnd)
        {
            float* a = p.A + (m * p.RowStrideA);
            int rows = rowEnd - m;
            if (rows >= 4 && TSimd.Registers >= 32)
            {
                rows = 4;
                Dots<Yes>(a, p.RowStrideA, x, p.K, sums);
            }
            else
            {
                // A row without a neighbour is read twice: its bits may not depend on having one, and this is the same code.
                rows = Math.Min(2, rows);
                Dots<No>(a, rows == 2 ? p.RowStrideA : 0, x, p.K, sums);
            }
            for (int i = 0; i < rows; i++)
                Finish(p, plain, biasStep, m + i, sums[i]);
            m += rows;
        }
        if (!p.NeedsActivationPass)
            return;
        float* c = p.C + (row * p.RowStrideC);
        if (p.RowStrideC == 1)
            GemmActivation<TSimd, TVector>.Rows(p.Activation, c, 0, 1, rowEnd - row);
        else
            GemmActivation<TSimd, TVector>.Rows(p.Activation, c, p.RowStrideC, rowEnd - row, 1);
    }

    // Two rows, or four.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dots<TFour>(float* a, nint stride, float* x, int length, float* sums)
        where TFour : struct, IOption
    {
        int width = TSimd.Count;
        float* b = a + stride;
        float* c = b + stride;
        float* d = c + stride;
        TVector a0 = default, a1 = default, a2 = default, a3 = default;
        TVector b0 = default, b1 = default, b2 = default, b3 = default;
        TVector c0 = default, c1 = default, c2 = default, c3 = default;
        TVector d0 = default, d1 = default, d2 = default, d3 = default;
        nint k = 0;
        for (; k <= length - (4 * width); k += 4 * width)
        {
            TVector v = *(TVector*)(x + k);
            a0 = TSimd.MultiplyAdd(*(TVector*)(a + k), v, a0);
            b0 = TSimd.MultiplyAdd(*(TVector*)(b + k), v, b0);
            if (typeof(TFour) == typeof(Yes))
            {
                c0 = TSimd.MultiplyAdd(*(TVector*)(c + k), v, c0);
                d0 = TSimd.MultiplyAdd(*(TVector*)(d + k), v, d0);
            }
            v = *(TVector*)(x + k + width);
            a1 = TSimd.MultiplyAdd(*(TVector*)(a + k + width), v, a1);
            b1 = TSimd.MultiplyAdd(*(TVector*)(b + k + width), v, b1);
            if (typeof(TFour) == typeof(Yes))
            {
                c1 = TSimd.MultiplyAdd(*(TVector*)(c + k + width), v, c1);
                d1 = TSimd.MultiplyAdd(*(TVector*)(d + k + width), v, d1);
            }
            v = *(TVector*)(x + k + (2 * width));
            a2 = TSimd.MultiplyAdd(*(TVector*)(a + k + (2 * width)), v, a2);
            b2 = TSimd.MultiplyAdd(*(TVector*)(b + k + (2 * width)), v, b2);
            if (typeof(TFour) == typeof(Yes))
            {
                c2 = TSimd.MultiplyAdd(*(TVector*)(c + k + (2 * width)), v, c2);
                d2 = TSimd.MultiplyAdd(*(TVector*)(d + k + (2 * width)), v, d2);
            }
            v = *(TVector*)(x + k + (3 * width));
            a3 = TSimd.MultiplyAdd(*(TVector*)(a + k + (3 * width)), v, a3);
            b3 = TSimd.MultiplyAdd(*(TVector*)(b + k + (3 * width)), v, b3);
            if (typeof(TFour) == typeof(Yes))
            {
                c3 = TSimd.MultiplyAdd(*(TVector*)(c + k + (3 * width)), v, c3);
                d3 = TSimd.MultiplyAdd(*(TVector*)(d + k + (3 * width)), v, d3);
            }
        }
        for (; k <= length - width; k += width)
        {
            TVector v = *(TVector*)(x + k);
            a0 = TSimd.MultiplyAdd(*(TVector*)(a + k), v, a0);
            b0 = TSimd.MultiplyAdd(*(TVector*)(b + k), v, b0);
            if (typeof(TFour) == typeof(Yes))
            {
                c0 = TSimd.MultiplyAdd(*(TVector*)(c + k), v, c0);
                d0 = TSimd.MultiplyAdd(*(TVector*)(d + k), v, d0);
            }
        }
        if (k < length)
        {
            int count = (int)(length - k);
            TVector v = TSimd.LoadPartial(x + k, count);
            a1 = TSimd.MultiplyAdd(TSimd.LoadPartial(a + k, count), v, a1);
            b1 = TSimd.MultiplyAdd(TSimd.LoadPartial(b + k, count), v, b1);
            if (typeof(TFour) == typeof(Yes))
            {
                c1 = TSimd.MultiplyAdd(TSimd.LoadPartial(c + k, count), v, c1);
                d1 = TSimd.MultiplyAdd(TSimd.LoadPartial(d + k, count), v, d1);
            }
        }
        sums[0] = TSimd.Sum(TSimd.Add(TSimd.Add(a0, a1), TSimd.Add(a2, a3)));
        sums[1] = TSimd.Sum(TSimd.Add(TSimd.Add(b0, b1), TSimd.Add(b2, b3)));
        if (typeof(TFour) == typeof(Yes))
        {
            sums[2] = TSimd.Sum(TSimd.Add(TSimd.Add(c0, c1), TSimd.Add(c2, c3)));
            sums[3] = TSimd.Sum(TSimd.Add(TSimd.Add(d0, d1), TSimd.Add(d2, d3)));
        }
    }

    private static void Finish(in GemmProblem p, bool plain, int biasStep, int m, float sum)
    {
        float* c = p.C + (m * p.RowStrideC);
        *c = plain ? sum : p.Finished(sum, c, p.Bias == null ? null : p.Bias + (m * biasStep));
    }
}

/// <summary>Chunks of rows of a <see cref="GemvDots{TSimd, TVector}"/>.</summary>
internal unsafe struct GemvDotsJob<TSimd, TVector> : IChunkJob<GemvDotsJob<TSimd, TVector>>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public GemmProblem P;

    /// <summary>B's column, contiguous.</summary>
    public float* X;

    public int BiasStep, ChunkRows;

    public static void Execute(ref GemvDotsJob<TSimd, TVector> job, int chunk, Scratch scratch)
        => GemvDots<TSimd, TVector>.Run(job.P, job.X, job.BiasStep, chunk * job.ChunkRows, Math.Min(job.P.M, (chunk + 1) * job.ChunkRows));
}

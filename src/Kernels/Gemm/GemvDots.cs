using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// A matrix whose rows are contiguous times a vector: <c>y[m] = Σ A[m, k] · x[k]</c>, a dot product a row. Two rows share each vector of x; four
/// accumulators a row hide the latency of the multiply-add, and are added in a fixed order.
/// </summary>
internal static unsafe class GemvDots<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Rows <paramref name="row"/> … <paramref name="rowEnd"/> − 1 of a product with one column; A's rows and B's column are contiguous.</summary>
    /// <param name="p">The product.</param>
    /// <param name="x">B's column.</param>
    /// <param name="biasStep">0 for one bias, 1 for one a row.</param>
    /// <param name="row">First row.</param>
    /// <param name="rowEnd">Row after the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in GemmProblem p, float* x, int biasStep, int row, int rowEnd)
    {
        bool plain = p.EndsPlain;
        int m = row;
        for (; m <= rowEnd - 2; m += 2)
        {
            float* a = p.A + (m * p.RowStrideA);
            Dots(a, a + p.RowStrideA, x, p.K, out float first, out float second);
            Finish(p, plain, biasStep, m, first);
            Finish(p, plain, biasStep, m + 1, second);
        }
        if (m < rowEnd)
        {
            // The same row twice: a row's bits may not depend on having a neighbour, and this is the same code.
            float* a = p.A + (m * p.RowStrideA);
            Dots(a, a, x, p.K, out float only, out _);
            Finish(p, plain, biasStep, m, only);
        }
        if (!p.NeedsActivationPass)
            return;
        float* c = p.C + (row * p.RowStrideC);
        if (p.RowStrideC == 1)
            GemmActivation<TSimd, TVector>.Rows(p.Activation, c, 0, 1, rowEnd - row);
        else
            GemmActivation<TSimd, TVector>.Rows(p.Activation, c, p.RowStrideC, rowEnd - row, 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dots(float* a, float* b, float* x, int length, out float first, out float second)
    {
        int width = TSimd.Count;
        TVector a0 = TSimd.Zero, a1 = TSimd.Zero, a2 = TSimd.Zero, a3 = TSimd.Zero;
        TVector b0 = TSimd.Zero, b1 = TSimd.Zero, b2 = TSimd.Zero, b3 = TSimd.Zero;
        nint k = 0;
        for (; k <= length - (4 * width); k += 4 * width)
        {
            TVector v = TSimd.Load(x + k);
            a0 = TSimd.MultiplyAdd(TSimd.Load(a + k), v, a0);
            b0 = TSimd.MultiplyAdd(TSimd.Load(b + k), v, b0);
            v = TSimd.Load(x + k + width);
            a1 = TSimd.MultiplyAdd(TSimd.Load(a + k + width), v, a1);
            b1 = TSimd.MultiplyAdd(TSimd.Load(b + k + width), v, b1);
            v = TSimd.Load(x + k + (2 * width));
            a2 = TSimd.MultiplyAdd(TSimd.Load(a + k + (2 * width)), v, a2);
            b2 = TSimd.MultiplyAdd(TSimd.Load(b + k + (2 * width)), v, b2);
            v = TSimd.Load(x + k + (3 * width));
            a3 = TSimd.MultiplyAdd(TSimd.Load(a + k + (3 * width)), v, a3);
            b3 = TSimd.MultiplyAdd(TSimd.Load(b + k + (3 * width)), v, b3);
        }
        for (; k <= length - width; k += width)
        {
            TVector v = TSimd.Load(x + k);
            a0 = TSimd.MultiplyAdd(TSimd.Load(a + k), v, a0);
            b0 = TSimd.MultiplyAdd(TSimd.Load(b + k), v, b0);
        }
        if (k < length)
        {
            int count = (int)(length - k);
            TVector v = TSimd.LoadPartial(x + k, count);
            a1 = TSimd.MultiplyAdd(TSimd.LoadPartial(a + k, count), v, a1);
            b1 = TSimd.MultiplyAdd(TSimd.LoadPartial(b + k, count), v, b1);
        }
        first = TSimd.Sum(TSimd.Add(TSimd.Add(a0, a1), TSimd.Add(a2, a3)));
        second = TSimd.Sum(TSimd.Add(TSimd.Add(b0, b1), TSimd.Add(b2, b3)));
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
    where TVector : struct
{
    public GemmProblem P;

    /// <summary>B's column, contiguous.</summary>
    public float* X;

    public int BiasStep, ChunkRows;

    public static void Execute(ref GemvDotsJob<TSimd, TVector> job, int chunk, Scratch scratch)
        => GemvDots<TSimd, TVector>.Run(job.P, job.X, job.BiasStep, chunk * job.ChunkRows, Math.Min(job.P.M, (chunk + 1) * job.ChunkRows));
}

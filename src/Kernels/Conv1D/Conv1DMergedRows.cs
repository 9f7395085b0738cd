using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// Some output rows side by side as one, where a row alone leaves lanes empty: 8 filters fill half of a vector of 16, two rows of them all of it. Channels last, such rows are one run of memory, so they
/// are a row of a sliding with a larger step and a wider kernel, which holds the taps once for each row, each time a row's step further on, and zeros before and behind.
/// </summary>
/// <remarks>
/// Two rows and 5 taps multiply zeros in one of 6 terms instead of one of two. But zero times infinity is NaN, and nothing may reach an element that does not depend on it: what such a product would spoil is NaN, so
/// rows that come out with anything that is not a finite number are computed again, each by its own taps.
/// </remarks>
internal unsafe struct Conv1DMergedRows<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // Lanes that are computed, in vectors: one panel of tiles.
    private const int MostVectors = 4;

    /// <summary>Rows that are one; 0 where rows stay alone.</summary>
    public int Rows;

    /// <summary>Rows at the end of a sequence that are fewer: the last merged row reaches back there, over rows that it computes once more to the same numbers.</summary>
    public int Left;

    /// <summary>The geometry of rows alone.</summary>
    public Conv1DGeometry Alone;

    /// <summary>[terms of a merged row, <see cref="Pitch"/>].</summary>
    public float* Kernel;

    /// <summary>Floats of a kernel's row, whole vectors.</summary>
    public readonly int Pitch => Vectors(Rows * Alone.OutputWidth) * TSimd.Count;

    /// <summary>Rows that are best computed side by side, or 0.</summary>
    /// <param name="g">The sliding.</param>
    /// <param name="restColumns">Its columns that are dot products otherwise.</param>
    public static int Of(in Conv1DGeometry g, int restColumns)
    {
        if (g.Dilation != 1 || TSimd.Count == 1)
            return 0;
        bool padded = g.Before > 0 || g.WindowRows(g.OutputRows) - g.Before > g.InputRows;
        // In multiply-adds of a vector for a row. What the wider kernel and the look at the results cost is little beside tiles that are half empty, but columns of dot products read a kernel
        // that is a fraction of it: (100, 4) ∗ (5, 32), 32 sequences, takes 0.92 of the time with them.
        long tiles = (long)Vectors(g.OutputWidth - restColumns) * g.Terms;
        long dots = restColumns * ((7L * g.Terms / (8 * TSimd.Count)) + 12);
        long least = (tiles * 15 / 16) + (dots * 3 / 4);
        int best = 0;
        for (int rows = 2; rows * (long)g.OutputWidth <= MostVectors * TSimd.Count && rows <= g.OutputRows; rows++)
        {
            if (padded && g.OutputRows % rows != 0)
                continue;
            long cost = (long)Vectors(rows * g.OutputWidth) * (g.Taps + ((rows - 1) * (long)g.Stride)) * g.InputWidth / rows;
            if (cost < least)
                (best, least) = (rows, cost);
        }
        return best;
    }

    /// <summary>The sliding whose rows are so many of this one.</summary>
    public static Conv1DGeometry Merged(Conv1DGeometry g, int rows)
    {
        g.OutputRows /= rows;
        g.OutputWidth *= rows;
        g.Taps += (rows - 1) * g.Stride;
        g.Stride *= rows;
        return g;
    }

    /// <summary>Fills <see cref="Kernel"/>; the strides say how the kernel is stored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public GemmPanels Pack(Scratch memory, int terms, float* kernel, nint tapStride, nint rowStride, nint columnStride)
    {
        int pitch = Pitch, width = Alone.OutputWidth;
        int padded = Vectors(width) * TSimd.Count;
        // A vector behind: rows alone are read in whole ones.
        int length = checked((terms * pitch) + TSimd.Count);
        Kernel = memory.Rent(checked(length + (Alone.InputWidth * padded)));
        float* ofTap = Kernel + length;
        new Span<float>(Kernel, length).Clear();
        for (int tap = 0; tap < Alone.Taps; tap++)
        {
            GemmPacking<TSimd, TVector>.Panel(kernel + (tap * tapStride), rowStride, columnStride, Alone.InputWidth, width, ofTap);
            for (int row = 0; row < Rows; row++)
            {
                float* to = Kernel + ((nint)(tap + (row * Alone.Stride)) * Alone.InputWidth * pitch) + (row * width);
                float* from = ofTap;
                for (int channel = 0; channel < Alone.InputWidth; channel++, from += padded, to += pitch)
                {
                    for (int i = 0; i < width; i += TSimd.Count)
                        TSimd.StorePartial(to + i, *(TVector*)(from + i), Math.Min(TSimd.Count, width - i));
                }
            }
        }
        return new GemmPanels { Direct = Kernel, DirectStride = pitch, FirstPacked = int.MaxValue };
    }

    /// <summary>The rows that are left over, of <paramref name="items"/> sequences: each a row of one product.</summary>
    /// <param name="job">The sliding.</param>
    /// <param name="items">How many sequences.</param>
    /// <param name="x">The first one's input.</param>
    /// <param name="y">Its output.</param>
    /// <param name="scratch">As <see cref="Conv1DSlideJob{TSimd, TVector}.Multiply"/> needs it.</param>
    public readonly void LeftOver(in Conv1DSlideJob<TSimd, TVector> job, int items, float* x, float* y, float* scratch)
    {
        GemmProblem p = job.P;
        int row = Alone.OutputRows - Rows;
        p.M = items;
        p.A = x + ((nint)row * Alone.Stride * Alone.InputWidth);
        p.RowStrideA = (nint)Alone.InputRows * Alone.InputWidth;
        p.C = y + ((nint)row * Alone.OutputWidth);
        p.RowStrideC = job.OutputPitch;
        GemmBlock<TSimd, TVector>.Run(p, job.Plan, job.Panels, 0, 0, p.M, 0, p.N, 0, p.K, scratch);
        Ensure(job, p, scratch);
    }

    /// <summary>Computes rows again, each alone, unless all of their elements are finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Ensure(in Conv1DSlideJob<TSimd, TVector> job, GemmProblem p, float* scratch)
    {
        bool contiguous = p.RowStrideC == p.N;
        nint length = contiguous ? (nint)p.M * p.N : p.N;
        bool finite = true;
        for (int row = 0; row < (contiguous ? 1 : p.M) && finite; row++)
            finite = IsFinite(p.C + (row * p.RowStrideC), length);
        if (finite)
            return;
        GemmPanels panels = job.Panels;
        p.N = Alone.OutputWidth;
        p.K = Alone.Terms;
        for (int row = 0; row < Rows; row++)
        {
            panels.Direct = Kernel + ((nint)row * Alone.Stride * Alone.InputWidth * panels.DirectStride) + (row * p.N);
            GemmBlock<TSimd, TVector>.Run(p, job.Plan, panels, 0, 0, p.M, 0, p.N, 0, p.K, scratch);
            p.A += (nint)Alone.Stride * Alone.InputWidth;
            p.C += p.N;
        }
    }

    // Zero times what is not finite is NaN, and so is a sum with it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsFinite(float* values, nint length)
    {
        int step = TSimd.Count;
        TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default, zero = default;
        nint i = 0;
        for (; i <= length - (4 * step); i += 4 * step)
        {
            sum0 = TSimd.MultiplyAdd(*(TVector*)(values + i), zero, sum0);
            sum1 = TSimd.MultiplyAdd(*(TVector*)(values + i + step), zero, sum1);
            sum2 = TSimd.MultiplyAdd(*(TVector*)(values + i + (2 * step)), zero, sum2);
            sum3 = TSimd.MultiplyAdd(*(TVector*)(values + i + (3 * step)), zero, sum3);
        }
        for (; i < length; i += step)
            sum0 = TSimd.MultiplyAdd(TSimd.LoadPartial(values + i, (int)Math.Min(step, length - i)), zero, sum0);
        return TSimd.Sum(TSimd.Add(TSimd.Add(sum0, sum1), TSimd.Add(sum2, sum3))) == 0f;
    }

    private static int Vectors(int columns) => (columns + TSimd.Count - 1) / TSimd.Count;
}

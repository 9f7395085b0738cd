using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// A sliding over many short sequences that meets no zeros: rows near an end, whose windows reach beyond it, are computed each for all sequences at a time, from the taps that are inside.
/// Those are neighbours in the input as in the kernel's panels, so that a row of each sequence is a product like any other.
/// </summary>
/// <remarks>The input gradient of 9 taps on 20 steps multiplies zeros in two of five terms otherwise; (20, 32) ∗ (9, 24), 128 sequences: 0.6 of the time.</remarks>
internal static unsafe class Conv1DEnds<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // Rows of a tile: fewer have too few sums at a time.
    private const int LeastItems = 8, LeastRows = 6;

    /// <summary>True where a tenth of the terms are zeros, and <paramref name="items"/> sequences are rows enough.</summary>
    public static bool Pays(in Conv1DGeometry g, int items)
    {
        if (items < LeastItems || g.Dilation != 1 || g.Stride != 1 || Conv1DRest<TSimd, TVector>.ColumnsOf(g) > 0 || g.Before < 0 || g.Before >= g.Taps || g.OutputRows > (long)g.InputRows + g.Before)
            return false;
        long before = Math.Min(g.Before, g.OutputRows), behind = g.OutputRows - WholeEnd(g);
        return 5 * ((before * (before + 1)) + (behind * (behind + 1))) >= (long)g.OutputRows * g.Taps;
    }

    /// <summary>Slides over <paramref name="items"/> sequences from <paramref name="x"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(in Conv1DSlideJob<TSimd, TVector> job, int items, float* x, float* y, float* scratch)
    {
        Conv1DGeometry g = job.Geometry;
        int first = Math.Min(g.Before, g.OutputRows), end = WholeEnd(g);
        if (end - first < LeastRows)
            end = first;
        for (int row = 0; row < first; row++)
            Row(job, row, items, x, y, scratch);
        if (end > first)
        {
            GemmProblem p = job.P;
            p.M = end - first;
            p.C = y + ((nint)first * g.OutputWidth);
            // What follows is the sequence's own.
            bool last = (g.OutputRows - end) * (long)g.OutputWidth < TSimd.Count;
            for (int item = 0; item < items; item++)
            {
                p.A = x + ((nint)item * g.InputRows * g.InputWidth);
                Conv1DSlideJob<TSimd, TVector>.Multiply(job, p, last, scratch);
                p.C += (nint)g.OutputRows * g.OutputWidth;
            }
        }
        for (int row = end; row < g.OutputRows; row++)
            Row(job, row, items, x, y, scratch);
    }

    /// <summary>The row after the last one whose window ends inside.</summary>
    private static int WholeEnd(in Conv1DGeometry g) => Math.Clamp(g.InputRows - g.Taps + 1 + g.Before, Math.Min(g.Before, g.OutputRows), g.OutputRows);

    private static void Row(in Conv1DSlideJob<TSimd, TVector> job, int row, int items, float* x, float* y, float* scratch)
    {
        Conv1DGeometry g = job.Geometry;
        int tap = Math.Max(0, g.Before - row);
        int taps = Math.Min(g.Taps, g.InputRows + g.Before - row) - tap;
        GemmProblem p = job.P;
        p.M = items;
        p.K = taps * g.InputWidth;
        p.A = x + ((nint)Math.Max(0, row - g.Before) * g.InputWidth);
        p.RowStrideA = (nint)g.InputRows * g.InputWidth;
        p.C = y + ((nint)row * g.OutputWidth);
        p.RowStrideC = (nint)g.OutputRows * g.OutputWidth;
        GemmPanels panels = job.Panels;
        panels.PackedK = -tap * g.InputWidth;
        // Whole vectors run over into the sequence's own next rows, which come later.
        if (job.RunsOver && (g.OutputRows - row) * (long)g.OutputWidth >= job.WholeWidth)
            Conv1DSlideJob<TSimd, TVector>.WholeVectors(job, p, panels, items, scratch);
        else
            GemmBlock<TSimd, TVector>.Run(p, job.Plan, panels, 0, 0, items, 0, p.N, 0, p.K, scratch);
    }
}

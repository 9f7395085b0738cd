namespace FlatFuse.Kernels;

/// <summary>Sums, maxima and tests over whole spans and over the rows or columns of a matrix.</summary>
/// <remarks>
/// Long sums are cut at points that follow from the length alone and added in a fixed order: the number of threads never changes a bit.
/// Within a block of a few thousand elements lanes are added in float, blocks in double.
/// </remarks>
public static unsafe class Reductions
{
    // Partial results live on the stack: at most this many chunks.
    private const int MostChunks = 256;

    /// <summary>The sum of all elements; 0 for none.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="x">The terms.</param>
    public static float Sum(Workers workers, ReadOnlySpan<float> x) => (float)Reduce(workers, ReductionKind.Sum, x);

    /// <summary>The sum of the squares of all elements; infinite when a square leaves the range of float.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="x">The elements.</param>
    public static double SumOfSquares(Workers workers, ReadOnlySpan<float> x) => Reduce(workers, ReductionKind.SumOfSquares, x);

    /// <summary>The sum of the absolute values of all elements.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="x">The elements.</param>
    public static double SumOfAbsolutes(Workers workers, ReadOnlySpan<float> x) => Reduce(workers, ReductionKind.SumOfAbsolutes, x);

    /// <summary>The largest element: NaN when there is one, −∞ for none.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="x">The elements.</param>
    public static float Max(Workers workers, ReadOnlySpan<float> x) => (float)Reduce(workers, ReductionKind.Max, x);

    /// <summary>False when an element is NaN or infinite.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="x">The elements.</param>
    public static bool AllFinite(Workers workers, ReadOnlySpan<float> x) => Reduce(workers, ReductionKind.SumOfZeros, x) == 0;

    /// <summary>y[c] = Σ over r of x[r, c]: the gradient of a bias.</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="rows">Rows of <paramref name="x"/>.</param>
    /// <param name="columns">Columns of <paramref name="x"/>.</param>
    /// <param name="x">The matrix (rows, columns).</param>
    /// <param name="y">The sums (columns); disjoint from <paramref name="x"/>.</param>
    /// <param name="accumulate">True to add to <paramref name="y"/>.</param>
    /// <exception cref="ArgumentException">A length does not agree with the sizes.</exception>
    public static void SumRows(Workers workers, int rows, int columns, ReadOnlySpan<float> x, Span<float> y, bool accumulate)
    {
        const string Name = "Reductions.SumRows";
        ArgumentNullException.ThrowIfNull(workers);
        CheckMatrix(Name, rows, columns, x.Length);
        Check.Length(Name, "y", y.Length, columns);
        fixed (float* px = x, py = y)
            workers.Kernels.SumRows(workers, rows, columns, px, py, accumulate);
    }

    /// <summary>y[r] = Σ over c of x[r, c].</summary>
    /// <param name="workers">Kernel set and threads.</param>
    /// <param name="rows">Rows of <paramref name="x"/>.</param>
    /// <param name="columns">Columns of <paramref name="x"/>.</param>
    /// <param name="x">The matrix (rows, columns).</param>
    /// <param name="y">The sums (rows); disjoint from <paramref name="x"/>.</param>
    /// <param name="accumulate">True to add to <paramref name="y"/>.</param>
    /// <exception cref="ArgumentException">A length does not agree with the sizes.</exception>
    public static void SumColumns(Workers workers, int rows, int columns, ReadOnlySpan<float> x, Span<float> y, bool accumulate)
    {
        const string Name = "Reductions.SumColumns";
        ArgumentNullException.ThrowIfNull(workers);
        CheckMatrix(Name, rows, columns, x.Length);
        Check.Length(Name, "y", y.Length, rows);
        fixed (float* px = x, py = y)
            workers.Kernels.SumColumns(workers, rows, columns, px, py, accumulate);
    }

    private static void CheckMatrix(string name, int rows, int columns, int received)
    {
        Check.Size(name, "rows", rows);
        Check.Size(name, "columns", columns);
        Check.Length(name, "x", received, (long)rows * columns);
    }

    private static double Reduce(Workers workers, ReductionKind kind, ReadOnlySpan<float> x)
    {
        ArgumentNullException.ThrowIfNull(workers);
        // Whole blocks a chunk, so that the blocks are the same for every length.
        int blocks = Math.Max(4, (int)((((long)x.Length / ReductionLoop.Block) + MostChunks) / MostChunks));
        int chunkLength = blocks * ReductionLoop.Block;
        int chunks = (int)(((long)x.Length + chunkLength - 1) / chunkLength);
        double* partial = stackalloc double[MostChunks];
        fixed (float* px = x)
            workers.Kernels.Reduce(workers, kind, px, x.Length, chunkLength, chunks, partial);
        double result = kind == ReductionKind.Max ? double.NegativeInfinity : 0;
        for (int i = 0; i < chunks; i++)
            result = kind == ReductionKind.Max ? Math.Max(result, partial[i]) : result + partial[i];
        return result;
    }
}

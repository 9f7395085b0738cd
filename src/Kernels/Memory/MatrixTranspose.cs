namespace FlatFuse.Kernels;

/// <summary>Transposes matrices that lie one behind another: sequences from (batch, steps, channels) to (batch, channels, steps) and back.</summary>
public static unsafe class MatrixTranspose
{
    /// <summary><c>y[i, c, r] = x[i, r, c]</c>, or that added to y.</summary>
    /// <remarks>Gradient: dx is dy transposed in the same way, rows and columns exchanged.</remarks>
    /// <param name="workers">Kernel set, threads, working memory.</param>
    /// <param name="rows">R, rows of a matrix of x.</param>
    /// <param name="columns">C, columns of a matrix of x.</param>
    /// <param name="x">The matrices, (matrices, R, C).</param>
    /// <param name="y">The results, (matrices, C, R); disjoint from <paramref name="x"/>.</param>
    /// <param name="accumulate">True to add to what y holds.</param>
    /// <exception cref="ArgumentException">The spans differ in length, or are no whole number of matrices.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public static void Run(Workers workers, int rows, int columns, ReadOnlySpan<float> x, Span<float> y, bool accumulate = false)
    {
        ArgumentNullException.ThrowIfNull(workers);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        long matrix = (long)rows * columns;
        if (x.Length != y.Length || x.Length % matrix != 0)
            throw new ArgumentException($"MatrixTranspose: matrices of {rows} rows and {columns} columns need as many elements in x as in y, a multiple of {matrix}; received {x.Length} and {y.Length}.", nameof(y));
        if (x.IsEmpty)
            return;
        fixed (float* from = x, to = y)
            workers.Kernels.TransposeMatrices(workers, (int)(x.Length / matrix), rows, columns, from, to, accumulate);
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// Turns a matrix of few columns (at most 8) into as many long rows and back, by transposing blocks of 4 by 4 or 8 by 8 that hang over the columns'
/// end: what they read or write there is the next row's, which comes later.
/// </summary>
internal static unsafe class NarrowPacking<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Rows that must be there for a matrix of <paramref name="columns"/> columns: whole blocks.</summary>
    public static int Rows(int columns) => columns <= 4 ? 4 : 8;

    /// <summary><c>rows[n, i] = matrix[i, n]</c>.</summary>
    /// <param name="matrix">Count rows of few columns.</param>
    /// <param name="stride">Floats from one row of the matrix to the next, at least the columns.</param>
    /// <param name="count">Rows of the matrix.</param>
    /// <param name="columns">1 … 8.</param>
    /// <param name="rows">As many rows as <see cref="Rows"/> says.</param>
    /// <param name="pitch">Floats from one of these rows to the next, at least the count.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToRows(float* matrix, nint stride, int count, int columns, float* rows, nint pitch)
    {
        int i = 0;
        if (Block(columns) is int block and not 0)
        {
            // The last block ends before the matrix does: its last row is read to the block's width.
            int end = count - Over(block, columns, stride);
            for (; i <= end - block; i += block)
            {
                if (block == 4)
                    Simd128.Transpose(matrix + (i * stride), stride, rows + i, pitch);
                else
                    Simd256.Transpose(matrix + (i * stride), stride, rows + i, pitch);
            }
        }
        for (; i < count; i++)
        {
            for (int n = 0; n < columns; n++)
                rows[(n * pitch) + i] = matrix[(i * stride) + n];
        }
    }

    /// <summary><c>matrix[i, n] = rows[n, i]</c>; parameters as of <see cref="ToRows"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromRows(float* rows, nint pitch, int count, int columns, float* matrix, nint stride)
    {
        int i = 0;
        if (stride == columns && Block(columns) is int block and not 0)
        {
            // Rows are stored in rising order, so what hangs over one is overwritten by the next; the last ones are stored exactly.
            int end = count - Over(block, columns, stride);
            for (; i <= end - block; i += block)
            {
                if (block == 4)
                    Simd128.Transpose(rows + i, pitch, matrix + (i * stride), stride);
                else
                    Simd256.Transpose(rows + i, pitch, matrix + (i * stride), stride);
            }
        }
        for (; i < count; i++)
        {
            for (int n = 0; n < columns; n++)
                matrix[(i * stride) + n] = rows[(n * pitch) + i];
        }
    }

    // Side of the transposed blocks, no longer than the set's vectors; 0 for element by element.
    private static int Block(int columns) => columns <= 4 ? (TSimd.Count >= 4 ? 4 : 0) : TSimd.Count >= 8 ? 8 : 0;

    // Rows that the overhang of a block reaches into: stride ≥ columns > 0.
    private static int Over(int block, int columns, nint stride) => (int)((block - columns + stride - 1) / stride);
}

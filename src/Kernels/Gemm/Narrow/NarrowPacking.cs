using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace FlatFuse.Kernels;

/// <summary>
/// Turns a matrix of few columns (at most 16) into as many long rows and back, by transposing blocks of 4 by 4 or 8 by 8 whose last hangs over the columns'
/// end: what it reads or writes there is the next row's, which comes later.
/// </summary>
internal static unsafe class NarrowPacking<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>The most columns of a matrix.</summary>
    public const int MostColumns = 16;

    /// <summary>Rows that must be there for a matrix of <paramref name="columns"/> columns: whole blocks.</summary>
    public static int Rows(int columns) => (columns & 7) is > 0 and <= 4 ? (columns + 3) & ~3 : (columns + 7) & ~7;

    /// <summary><c>rows[n, i] = matrix[i, n]</c>.</summary>
    /// <param name="matrix">Count rows of few columns.</param>
    /// <param name="stride">Floats from one row of the matrix to the next, at least the columns.</param>
    /// <param name="count">Rows of the matrix.</param>
    /// <param name="columns">1 … 16.</param>
    /// <param name="rows">As many rows as <see cref="Rows"/> says.</param>
    /// <param name="pitch">Floats from one of these rows to the next, at least the count.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToRows(float* matrix, nint stride, int count, int columns, float* rows, nint pitch)
    {
        int i = 0;
        if (columns == 2 && stride == 2 && Sse.IsSupported && TSimd.Count >= 4)
        {
            for (; i <= count - 4; i += 4)
                Simd128.Unzip(matrix + (2 * i), rows + i, rows + pitch + i);
        }
        else if (TSimd.Count >= 4)
        {
            int height = Height(columns);
            // The last block ends before the matrix does: its last row is read to the block's width.
            int end = count - Over(columns, stride);
            for (; i <= end - height; i += height)
            {
                float* from = matrix + (i * stride);
                int n = 0;
                for (; height == 8 && n < columns - 4; n += 8)
                    Simd256.Transpose(from + n, stride, rows + (n * pitch) + i, pitch);
                for (; n < columns; n += 4)
                {
                    Simd128.Transpose(from + n, stride, rows + (n * pitch) + i, pitch);
                    if (height == 8)
                        Simd128.Transpose(from + (4 * stride) + n, stride, rows + (n * pitch) + i + 4, pitch);
                }
            }
        }
        for (; i < count; i++)
        {
            for (int n = 0; n < columns; n++)
                rows[(n * pitch) + i] = matrix[(i * stride) + n];
        }
    }

    /// <summary><c>matrix[i, n] = rows[n, i]</c>; parameters as of <see cref="ToRows"/>.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromRows(float* rows, nint pitch, int count, int columns, float* matrix, nint stride)
    {
        int i = 0;
        if (columns == 2 && stride == 2 && Sse.IsSupported && TSimd.Count >= 4)
        {
            for (; i <= count - 4; i += 4)
                Simd128.Zip(rows + i, rows + pitch + i, matrix + (2 * i));
        }
        else if (TSimd.Count >= 4)
        {
            int height = Height(columns);
            // Rows are stored in rising order, so what hangs over one is overwritten by the next; the last ones, and rows with something between them, are stored exactly.
            int end = stride == columns ? count - Over(columns, stride) : 0;
            float* landing = stackalloc float[(8 * MostColumns) + 8];
            while (count >= height && i < count)
            {
                bool inPlace = i <= end - height;
                int at = Math.Min(i, count - height);
                float* to = matrix + (at * stride);
                Block(rows + at, pitch, columns, height, inPlace ? to : landing, inPlace ? stride : columns);
                if (!inPlace)
                    Copy(landing, height, columns, to, stride);
                i = at + height;
            }
        }
        for (; i < count; i++)
        {
            for (int n = 0; n < columns; n++)
                matrix[(i * stride) + n] = rows[(n * pitch) + i];
        }
    }

    // A block's columns from the right to the left: what the last ones hang over is the next row's beginning.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block(float* rows, nint pitch, int columns, int height, float* matrix, nint stride)
    {
        int eights = height == 8 ? (columns + 3) & ~7 : 0;
        for (int n = (columns - 1) & ~3; n >= eights; n -= 4)
        {
            Simd128.Transpose(rows + (n * pitch), pitch, matrix + n, stride);
            if (height == 8)
                Simd128.Transpose(rows + (n * pitch) + 4, pitch, matrix + (4 * stride) + n, stride);
        }
        for (int n = eights - 8; n >= 0; n -= 8)
            Simd256.Transpose(rows + (n * pitch), pitch, matrix + n, stride);
    }

    private static void Copy(float* from, int count, int columns, float* matrix, nint stride)
    {
        if (stride == columns)
        {
            columns *= count;
            count = 1;
        }
        for (int i = 0; i < count; i++)
        {
            for (int n = 0; n < columns; n += TSimd.Count)
            {
                int lanes = Math.Min(TSimd.Count, columns - n);
                TSimd.StorePartial(matrix + n, TSimd.LoadPartial(from + n, lanes), lanes);
            }
            from += columns;
            matrix += stride;
        }
    }

    // Rows of a block: no more than the set's vectors have lanes.
    private static int Height(int columns) => columns <= 4 || TSimd.Count < 8 ? 4 : 8;

    // Rows that the overhang of a block reaches into: stride ≥ columns > 0.
    private static int Over(int columns, nint stride) => (int)((((Height(columns) == 8 ? Rows(columns) : (columns + 3) & ~3) - columns) + stride - 1) / stride);
}

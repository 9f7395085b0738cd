using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace FlatFuse.Kernels;

/// <summary>Copies columns of B into panels: row k of a panel is contiguous, whole vectors, padded with zeros.</summary>
internal static unsafe class GemmPacking<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Packs rows 0 … <paramref name="rows"/> − 1 and <paramref name="columns"/> columns of B into one panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panel(float* b, nint rowStride, nint columnStride, int rows, int columns, float* panel)
    {
        int whole = columns / TSimd.Count * TSimd.Count;
        int rest = columns - whole;
        int width = rest == 0 ? whole : whole + TSimd.Count;
        if (columnStride == 1)
        {
            for (int k = 0; k < rows; k++)
            {
                for (int j = 0; j < whole; j += TSimd.Count)
                    *(TVector*)(panel + j) = *(TVector*)(b + j);
                if (rest != 0)
                    *(TVector*)(panel + whole) = TSimd.LoadPartial(b + whole, rest);
                b += rowStride;
                panel += width;
            }
            return;
        }
        Transposed(b, rowStride, columnStride, rows, columns, width, width, panel);
    }

    /// <summary>Writes <paramref name="columns"/> columns of B, each <paramref name="rows"/> contiguous floats, as rows <paramref name="pitch"/> floats apart.</summary>
    public static void Transpose(float* b, nint columnStride, int rows, int columns, float* to, int pitch) => Transposed(b, 1, columnStride, rows, columns, columns, pitch, to);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transposed(float* b, nint rowStride, nint columnStride, int rows, int columns, int padded, int width, float* panel)
    {
        int j = 0;
        if (rowStride == 1 && TSimd.Count > 1 && columns >= TSimd.Count && rows >= TSimd.Count)
        {
            // What is left of either side is less than a vector: the last block reaches back over what has been written.
            while (j < columns)
            {
                int at = Math.Min(j, columns - TSimd.Count);
                float* from = b + (at * columnStride);
                for (int k = 0; k < rows; k += TSimd.Count)
                {
                    int first = Math.Min(k, rows - TSimd.Count);
                    TSimd.Transpose(from + first, columnStride, panel + ((nint)first * width) + at, width);
                }
                j += TSimd.Count;
            }
            j = columns;
        }
        else if (rowStride == 1 && TSimd.Count >= 8 && columns >= 8 && rows >= 4 && Avx.IsSupported)
        {
            // Fewer terms than a vector has: squares of 4 terms of 8 columns ((64, 10) · (384, 10)ᵀ took a third of its time one by one).
            for (; j < columns; j += 8)
            {
                int at = Math.Min(j, columns - 8);
                float* from = b + (at * columnStride);
                for (int k = 0; k < rows; k += 4)
                {
                    int first = Math.Min(k, rows - 4);
                    Simd256.TransposeHalf(from + first, columnStride, panel + ((nint)first * width) + at, width);
                }
            }
            j = columns;
        }
        for (; j <= columns - 4; j += 4)
        {
            float* b0 = b + (j * columnStride);
            float* b1 = b0 + columnStride;
            float* b2 = b1 + columnStride;
            float* b3 = b2 + columnStride;
            float* to = panel + j;
            nint at = 0;
            for (int k = 0; k < rows; k++)
            {
                to[0] = b0[at];
                to[1] = b1[at];
                to[2] = b2[at];
                to[3] = b3[at];
                to += width;
                at += rowStride;
            }
        }
        for (; j < columns; j++)
        {
            for (int k = 0; k < rows; k++)
                panel[((nint)k * width) + j] = b[(k * rowStride) + (j * columnStride)];
        }
        for (; j < padded; j++)
        {
            for (int k = 0; k < rows; k++)
                panel[((nint)k * width) + j] = 0f;
        }
    }
}

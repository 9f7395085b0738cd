using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Weights packed into panels of up to four vectors of columns, once a call, and products of a few rows with them.</summary>
internal static unsafe class RecurrentPanels<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>
    /// Packs chosen gates of a kernel (<paramref name="depth"/> rows of <paramref name="columns"/> floats) side by side, each padded to whole
    /// vectors with zeros: [panel][row][vector of the panel].
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(int depth, float* kernel, int columns, ReadOnlySpan<int> gates, int units, float* packed)
    {
        int blocks = (units + TSimd.Count - 1) / TSimd.Count;
        int vectors = gates.Length * blocks;
        for (int done = 0; done < vectors;)
        {
            int width = LSTMPanels.Width(vectors - done);
            for (int v = 0; v < width; v++)
            {
                int unit = (done + v) % blocks * TSimd.Count;
                int lanes = Math.Min(TSimd.Count, units - unit);
                float* source = kernel + (gates[(done + v) / blocks] * units) + unit;
                float* destination = packed + (v * TSimd.Count);
                for (int row = 0; row < depth; row++)
                {
                    TSimd.Store(destination, lanes == TSimd.Count ? TSimd.Load(source) : TSimd.LoadPartial(source, lanes));
                    source += columns;
                    destination += width * TSimd.Count;
                }
            }
            packed += (nint)depth * width * TSimd.Count;
            done += width;
        }
    }

    /// <summary>
    /// Packs the transpose of the same: its rows are the chosen gates' columns, padded gate by gate, its columns the kernel's
    /// <paramref name="rows"/>, padded to whole vectors.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackTransposed(int rows, float* kernel, int columns, ReadOnlySpan<int> gates, int units, float* packed)
    {
        int paddedUnits = (units + TSimd.Count - 1) / TSimd.Count * TSimd.Count;
        int vectors = (rows + TSimd.Count - 1) / TSimd.Count;
        for (int done = 0; done < vectors;)
        {
            int width = LSTMPanels.Width(vectors - done);
            nint stride = width * TSimd.Count;
            for (int v = 0; v < width; v++)
            {
                int row = (done + v) * TSimd.Count;
                float* destination = packed + (v * TSimd.Count);
                for (int gate = 0; gate < gates.Length; gate++)
                {
                    float* source = kernel + ((nint)row * columns) + (gates[gate] * units);
                    for (int unit = 0; unit < paddedUnits; unit += TSimd.Count)
                    {
                        TransposeSquare(rows - row, Math.Min(TSimd.Count, units - unit), TSimd.Count, source + unit, columns, destination, stride);
                        destination += TSimd.Count * stride;
                    }
                }
            }
            packed += gates.Length * paddedUnits * stride;
            done += width;
        }
    }

    /// <summary>A vector's worth of rows, or as many as there are, becomes a vector of columns; what there is not becomes zero.</summary>
    /// <param name="rows">Rows of the source that there are.</param>
    /// <param name="length">Floats in each, at most a vector's worth.</param>
    /// <param name="height">Rows of the result, <paramref name="length"/> or more.</param>
    /// <param name="source">First row.</param>
    /// <param name="sourceStride">Distance of its rows.</param>
    /// <param name="destination">First row of the result.</param>
    /// <param name="destinationStride">Distance of its rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TransposeSquare(int rows, int length, int height, float* source, nint sourceStride, float* destination, nint destinationStride)
    {
        if (rows >= TSimd.Count && length == TSimd.Count)
        {
            TSimd.Transpose(source, sourceStride, destination, destinationStride);
            return;
        }
        for (int i = 0; i < height; i++)
        {
            for (int row = 0; row < TSimd.Count; row++)
                destination[row] = row < rows && i < length ? source[(row * sourceStride) + i] : 0f;
            destination += destinationStride;
        }
    }

    /// <summary>c = init + a · packed.</summary>
    /// <param name="rows">Rows of a and c.</param>
    /// <param name="columns">Columns of c; the last vector may be partial.</param>
    /// <param name="depth">Columns of a.</param>
    /// <param name="a">First row of a.</param>
    /// <param name="lda">Distance of a's rows.</param>
    /// <param name="packed">The panels.</param>
    /// <param name="init">c itself, a padded row under all (distance 0), or null for zero.</param>
    /// <param name="ldi">Distance of init's rows.</param>
    /// <param name="c">The result.</param>
    /// <param name="ldc">Distance of c's rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(int rows, int columns, int depth, float* a, nint lda, float* packed, float* init, nint ldi, float* c, nint ldc)
    {
        for (int vectors = (columns + TSimd.Count - 1) / TSimd.Count; vectors > 0;)
        {
            int width = LSTMPanels.Width(vectors);
            vectors -= width;
            int lastLanes = vectors == 0 ? columns - ((width - 1) * TSimd.Count) : TSimd.Count;
            LSTMTiles<TSimd, TVector>.Run(rows, width, depth, a, lda, packed, init, ldi, c, ldc, lastLanes);
            packed += (nint)depth * width * TSimd.Count;
            c += width * TSimd.Count;
            columns -= width * TSimd.Count;
            if (init != null)
                init += width * TSimd.Count;
        }
    }
}

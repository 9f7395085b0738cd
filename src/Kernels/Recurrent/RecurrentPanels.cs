using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Weights packed into panels of up to three or four vectors of columns, once a call, and products of a few rows with them.</summary>
internal static unsafe class RecurrentPanels<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // Floats of a panel that are multiplied by all rows before the next ones: 32 KB stay in a first-level cache of 48 KB.
    private const int FloatsAtOnce = 8192;

    // 9 rows by 3 vectors: 27 accumulators in 32 registers.
    private const int TileRows = 9;

    // Multiply-adds of vectors for each row from which tiles of two terms a round are worth compiling: a GRU of 64 units has 768.
    private const int LeastWorkInPairs = 1024;

    /// <summary>
    /// Packs chosen gates of a kernel (<paramref name="depth"/> rows of <paramref name="columns"/> floats) side by side, each padded to whole
    /// vectors with zeros: [panel][row][vector of the panel], panels of at most <paramref name="most"/> vectors.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(int most, int depth, float* kernel, int columns, ReadOnlySpan<int> gates, int units, float* packed)
    {
        int blocks = (units + TSimd.Count - 1) / TSimd.Count;
        int vectors = gates.Length * blocks;
        for (int done = 0; done < vectors;)
        {
            int width = Width(most, vectors - done);
            for (int v = 0; v < width; v++)
            {
                int unit = (done + v) % blocks * TSimd.Count;
                int lanes = Math.Min(TSimd.Count, units - unit);
                float* source = kernel + (gates[(done + v) / blocks] * units) + unit;
                float* destination = packed + (v * TSimd.Count);
                for (int row = 0; row < depth; row++)
                {
                    *(TVector*)destination = lanes == TSimd.Count ? *(TVector*)source : TSimd.LoadPartial(source, lanes);
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
    public static void PackTransposed(int most, int rows, float* kernel, int columns, ReadOnlySpan<int> gates, int units, float* packed)
    {
        int paddedUnits = (units + TSimd.Count - 1) / TSimd.Count * TSimd.Count;
        int vectors = (rows + TSimd.Count - 1) / TSimd.Count;
        for (int done = 0; done < vectors;)
        {
            int width = Width(most, vectors - done);
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
    /// <param name="most">Vectors of a panel.</param>
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
    public static void Multiply(int most, int rows, int columns, int depth, float* a, nint lda, float* packed, float* init, nint ldi, float* c, nint ldc)
    {
        int vectors = (columns + TSimd.Count - 1) / TSimd.Count;
        bool inPairs = (long)depth * vectors >= LeastWorkInPairs;
        while (vectors > 0)
        {
            int width = Width(most, vectors);
            vectors -= width;
            int lastLanes = vectors == 0 ? columns - ((width - 1) * TSimd.Count) : TSimd.Count;
            if (most == 4 || depth == 0 || lastLanes < TSimd.Count)
                LSTMTiles<TSimd, TVector>.Run(rows, width, depth, a, lda, packed, init, ldi, c, ldc, lastLanes);
            else
                MultiplyTall(inPairs, rows, width, depth, a, lda, packed, init, ldi, c, ldc);
            packed += (nint)depth * width * TSimd.Count;
            c += width * TSimd.Count;
            columns -= width * TSimd.Count;
            if (init != null)
                init += width * TSimd.Count;
        }
    }

    // One panel of whole vectors, in tiles as tall as its width allows: 16 rows become 8 + 8 by 3 vectors, which take fewer instructions a
    // multiply-add than 6 + 5 + 5 by 4 (0.94 of the time beside a neighbour on the same core, 0.99 without).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyTall(bool inPairs, int rows, int width, int depth, float* a, nint lda, float* w, float* init, nint ldi, float* c, nint ldc)
    {
        int parts = ((depth * width * TSimd.Count) + FloatsAtOnce - 1) / FloatsAtOnce;
        int atOnce = (depth + parts - 1) / parts;
        var tiles = new GemmRowTiles(rows, TileRows);
        GemmTileCall call = default;
        call.RowStrideA = lda;
        call.ColumnStrideA = 1;
        call.RowStrideB = width * TSimd.Count;
        call.RowStrideC = ldc;
        call.Bias = init;
        call.Store = init == null ? GemmStore.Plain : ldi == 0 ? GemmStore.Bias : GemmStore.Add;
        for (int k = 0; k < depth; k += atOnce)
        {
            call.K = Math.Min(atOnce, depth - k);
            call.A = a + k;
            call.B = w + (k * call.RowStrideB);
            call.C = c;
            for (int tile = 0; tile < tiles.Count; tile++)
            {
                int height = tiles.Height(tile);
                GemmTiles<TSimd, TVector>.Of(true, height, width, inPairs)(&call);
                call.A += height * lda;
                call.C += height * ldc;
            }
            call.Store = GemmStore.Add;
        }
    }

    // Of three vectors rather 2 + 2 than 3 + 1, for enough sums in flight.
    private static int Width(int most, int vectorsLeft)
        => most == 4 ? LSTMPanels.Width(vectorsLeft) : vectorsLeft == 4 ? 2 : Math.Min(vectorsLeft, most);
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Cuts a few rows times one panel of packed weights into register tiles of nearly equal height.</summary>
/// <remarks>A row's sums run over k in order whatever the tile's height, so the cut never shows in the bits.</remarks>
internal static unsafe class LSTMTiles<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>The tallest tile: 6 rows where there are 32 vector registers, else 3.</summary>
    public static int MaxRows => TSimd.Count == 16 ? 6 : 3;

    // Floats of a panel that are multiplied by all rows before the next ones: 32 KB stay in a first-level cache of 48 KB.
    private const int FloatsAtOnce = 8192;

    /// <summary>c = init + a · w for all rows; <paramref name="vectors"/> is the panel's width, the rest as in the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        int rows, int vectors, int depth, float* a, nint lda, float* w, float* init, nint ldi, float* c, nint ldc, int lastLanes)
    {
        if (rows > MaxRows)
        {
            int atOnce = FloatsAtOnce / (vectors * TSimd.Count);
            while (depth > atOnce)
            {
                RunAll(rows, vectors, atOnce, a, lda, w, init, ldi, c, ldc, lastLanes);
                a += atOnce;
                w += atOnce * vectors * TSimd.Count;
                depth -= atOnce;
                init = c;
                ldi = ldc;
            }
        }
        RunAll(rows, vectors, depth, a, lda, w, init, ldi, c, ldc, lastLanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunAll(
        int rows, int vectors, int depth, float* a, nint lda, float* w, float* init, nint ldi, float* c, nint ldc, int lastLanes)
    {
        int tiles = (rows + MaxRows - 1) / MaxRows;
        for (; tiles > 0; tiles--)
        {
            // 16 rows become 6 + 5 + 5, not 6 + 6 + 4: the lowest tile decides how well the FMA latency is hidden.
            int height = (rows + tiles - 1) / tiles;
            rows -= height;
            switch (vectors)
            {
                case 4: RunHeight<Four>(height, depth, a, lda, w, init, ldi, c, ldc, lastLanes); break;
                case 3: RunHeight<Three>(height, depth, a, lda, w, init, ldi, c, ldc, lastLanes); break;
                case 2: RunHeight<Two>(height, depth, a, lda, w, init, ldi, c, ldc, lastLanes); break;
                default: RunHeight<One>(height, depth, a, lda, w, init, ldi, c, ldc, lastLanes); break;
            }
            a += height * lda;
            c += height * ldc;
            if (init != null)
                init += height * ldi;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunHeight<TVectors>(
        int height, int depth, float* a, nint lda, float* w, float* init, nint ldi, float* c, nint ldc, int lastLanes)
        where TVectors : unmanaged, ITileSize
    {
        switch (height)
        {
            case 6: LSTMTile<TSimd, TVector, Six, TVectors>.Run(depth, a, lda, w, init, ldi, c, ldc, lastLanes); break;
            case 5: LSTMTile<TSimd, TVector, Five, TVectors>.Run(depth, a, lda, w, init, ldi, c, ldc, lastLanes); break;
            case 4: LSTMTile<TSimd, TVector, Four, TVectors>.Run(depth, a, lda, w, init, ldi, c, ldc, lastLanes); break;
            case 3: LSTMTile<TSimd, TVector, Three, TVectors>.Run(depth, a, lda, w, init, ldi, c, ldc, lastLanes); break;
            case 2: LSTMTile<TSimd, TVector, Two, TVectors>.Run(depth, a, lda, w, init, ldi, c, ldc, lastLanes); break;
            default: LSTMTile<TSimd, TVector, One, TVectors>.Run(depth, a, lda, w, init, ldi, c, ldc, lastLanes); break;
        }
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Cuts a few rows times one panel of packed weights into register tiles of nearly equal height.</summary>
/// <remarks>A row's sums run over k in order whatever the tile's height, so the cut never shows in the bits.</remarks>
internal static unsafe class LSTMTiles<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>The tallest tile: 6 rows where there are 32 vector registers, else 3.</summary>
    public static int MaxRows => TSimd.Count == 16 ? 6 : 3;

    // Floats of a panel that are multiplied by all rows before the next ones: 32 KB stay in a first-level cache of 48 KB.
    private const int FloatsAtOnce = 8192;

    // Rows of a tile where little work is cut into them without a rest: one height to compile in place of two, at the same speed with 16 sums in flight.
    private const int EvenRows = 4;

    // Vectors of a panel from which tiles of two terms a round are worth compiling: an LSTM of 32 units has panels of 256 and less.
    private const int LeastVectorsInPairs = 400;

    /// <summary>c = init + a · w for all rows; <paramref name="vectors"/> is the panel's width, the rest as in the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        int rows, int vectors, int depth, float* a, nint lda, float* w, float* init, nint ldi, float* c, nint ldc, int lastLanes)
    {
        bool inPairs = depth * vectors >= LeastVectorsInPairs;
        if (rows > MaxRows)
        {
            int atOnce = FloatsAtOnce / (vectors * TSimd.Count);
            while (depth > atOnce)
            {
                RunAll(inPairs, rows, vectors, atOnce, a, lda, w, init, ldi, c, ldc, lastLanes);
                a += atOnce;
                w += atOnce * vectors * TSimd.Count;
                depth -= atOnce;
                init = c;
                ldi = ldc;
            }
        }
        RunAll(inPairs, rows, vectors, depth, a, lda, w, init, ldi, c, ldc, lastLanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunAll(
        bool inPairs, int rows, int vectors, int depth, float* a, nint lda, float* w, float* init, nint ldi, float* c, nint ldc, int lastLanes)
    {
        int most = !inPairs && rows % EvenRows == 0 && MaxRows > EvenRows ? EvenRows : MaxRows;
        int tiles = (rows + most - 1) / most;
        for (; tiles > 0; tiles--)
        {
            // 16 rows become 6 + 5 + 5, not 6 + 6 + 4: the lowest tile decides how well the FMA latency is hidden.
            int height = (rows + tiles - 1) / tiles;
            rows -= height;
            switch (vectors)
            {
                case 4: RunHeight<Four>(inPairs, height, depth, a, lda, w, init, ldi, c, ldc, lastLanes); break;
                case 3: RunHeight<Three>(inPairs, height, depth, a, lda, w, init, ldi, c, ldc, lastLanes); break;
                case 2: RunHeight<Two>(inPairs, height, depth, a, lda, w, init, ldi, c, ldc, lastLanes); break;
                default: RunHeight<One>(inPairs, height, depth, a, lda, w, init, ldi, c, ldc, lastLanes); break;
            }
            a += height * lda;
            c += height * ldc;
            if (init != null)
                init += height * ldi;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunHeight<TVectors>(
        bool inPairs, int height, int depth, float* a, nint lda, float* w, float* init, nint ldi, float* c, nint ldc, int lastLanes)
        where TVectors : unmanaged, ITileSize
    {
        if (inPairs)
            RunHeight<TVectors, InPairs>(height, depth, a, lda, w, init, ldi, c, ldc, lastLanes);
        else
            RunHeight<TVectors, SumsOnly>(height, depth, a, lda, w, init, ldi, c, ldc, lastLanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunHeight<TVectors, TDuty>(
        int height, int depth, float* a, nint lda, float* w, float* init, nint ldi, float* c, nint ldc, int lastLanes)
        where TVectors : unmanaged, ITileSize
        where TDuty : unmanaged, ITileDuty
    {
        switch (height)
        {
            case 6: LSTMTile<TSimd, TVector, Six, TVectors, TDuty>.Run(depth, a, lda, (TVector*)w, init, ldi, c, ldc, lastLanes); break;
            case 5: LSTMTile<TSimd, TVector, Five, TVectors, TDuty>.Run(depth, a, lda, (TVector*)w, init, ldi, c, ldc, lastLanes); break;
            case 4: LSTMTile<TSimd, TVector, Four, TVectors, TDuty>.Run(depth, a, lda, (TVector*)w, init, ldi, c, ldc, lastLanes); break;
            case 3: LSTMTile<TSimd, TVector, Three, TVectors, TDuty>.Run(depth, a, lda, (TVector*)w, init, ldi, c, ldc, lastLanes); break;
            case 2: LSTMTile<TSimd, TVector, Two, TVectors, TDuty>.Run(depth, a, lda, (TVector*)w, init, ldi, c, ldc, lastLanes); break;
            default: LSTMTile<TSimd, TVector, One, TVectors, TDuty>.Run(depth, a, lda, (TVector*)w, init, ldi, c, ldc, lastLanes); break;
        }
    }
}

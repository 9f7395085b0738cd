using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>The test of ids over vectors: it precedes every gather, so it must cost little beside one.</summary>
internal static unsafe class EmbeddingIds<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>True when all ids are whole numbers from 0 to <paramref name="vocabulary"/> − 1, for vocabularies that a float counts exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool AllValid(float* ids, int count, int vocabulary)
    {
        TVector limit = TSimd.Splat(vocabulary);
        TVector belowZero = TSimd.Splat(-0.5f);
        TVector valid = TSimd.Equal(limit, limit);
        int width = TSimd.Count;
        int i = 0;
        for (; i <= count - width; i += width)
            valid = TSimd.BitAnd(valid, IsValid(*(TVector*)(ids + i), belowZero, limit));
        // Cleared lanes hold id 0, which is valid in a table with a row.
        if (i < count)
            valid = TSimd.BitAnd(valid, IsValid(TSimd.LoadPartial(ids + i, count - i), belowZero, limit));
        return TSimd.Sum(TSimd.BitAnd(valid, TSimd.Splat(1f))) == width;
    }

    // Whole and in range; NaN fails every comparison.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector IsValid(TVector id, TVector belowZero, TVector limit)
    {
        TVector inRange = TSimd.BitAnd(TSimd.GreaterThan(id, belowZero), TSimd.LessThan(id, limit));
        return TSimd.BitAnd(inRange, TSimd.Equal(TSimd.Round(id), id));
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace FlatFuse.Kernels;

/// <summary>Asks for memory before it is needed, where the machine has an instruction for it. Never faults, never changes a value.</summary>
internal static unsafe class CacheHint
{
    /// <summary>Floats in a cache line.</summary>
    public const int LineFloats = 16;

    // 1 MB: half of a level-2 cache of 2 MB.
    private const int FloatsNearby = 1 << 18;

    /// <summary>True for so many floats that they do not stay in L2 beside what works on them.</summary>
    public static bool IsFar(long floats) => floats > FloatsNearby;

    /// <summary>Fetches a line into L2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToL2(float* line)
    {
        if (Sse.IsSupported)
            Sse.Prefetch1(line);
    }

    /// <summary>
    /// Fetches a stretch into L2: for memory that is far away and is read or overwritten a step later in an order that the processor does not
    /// foresee, as rows of the steps of a recurrence.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RowToL2(float* start, int length)
    {
        if (!Sse.IsSupported)
            return;
        for (int i = 0; i < length; i += LineFloats)
            Sse.Prefetch1(start + i);
    }

    /// <summary>Fetches a stretch into L1: results that a tile adds to at its end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RowToL1(float* start, int length)
    {
        if (!Sse.IsSupported)
            return;
        for (int i = 0; i < length; i += LineFloats)
            Sse.Prefetch0(start + i);
    }

    /// <summary>Fetches a block of rows into L2, <paramref name="stride"/> floats from one row to the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RowsToL2(float* rows, nint stride, int count, int columns)
    {
        if (!Sse.IsSupported)
            return;
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < columns; j += LineFloats)
                Sse.Prefetch1(rows + j);
            rows += stride;
        }
    }
}

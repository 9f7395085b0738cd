using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace FlatFuse.Kernels;

/// <summary>Asks for memory before it is needed. A hint: it reads nothing and never faults, whatever the address.</summary>
internal static unsafe class Prefetch
{
    /// <summary>
    /// Fetches a stretch into the level-2 cache. For memory that is far away and is read or overwritten a step later in an order that the
    /// processor does not foresee: rows of the steps of a recurrence.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Row(float* start, int length)
    {
        if (!Sse.IsSupported)
            return;
        for (int i = 0; i < length; i += AlignedBuffer.AlignmentFloats)
            Sse.Prefetch1(start + i);
    }

    /// <summary>Fetches a stretch into the level-1 cache: results that a tile adds to at its end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Near(float* start, int length)
    {
        if (!Sse.IsSupported)
            return;
        for (int i = 0; i < length; i += AlignedBuffer.AlignmentFloats)
            Sse.Prefetch0(start + i);
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>How a body reaches memory, as a type: one body makes both the whole vectors of a row and what is left of it.</summary>
internal unsafe interface IVectorAccess<TVector>
    where TVector : unmanaged
{
    /// <summary>The next floats at <paramref name="source"/>; lanes from <paramref name="count"/> on are zero.</summary>
    static abstract TVector Load(float* source, int count);

    /// <summary>Writes <paramref name="count"/> floats.</summary>
    static abstract void Store(float* destination, TVector value, int count);
}

/// <summary>Whole vectors, whatever the count.</summary>
internal readonly unsafe struct WholeVectors<TSimd, TVector> : IVectorAccess<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load(float* source, int count) => *(TVector*)source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, TVector value, int count) => *(TVector*)destination = value;
}

/// <summary>The first lanes, under a mask.</summary>
internal readonly unsafe struct FirstLanes<TSimd, TVector> : IVectorAccess<TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load(float* source, int count) => TSimd.LoadPartial(source, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, TVector value, int count) => TSimd.StorePartial(destination, value, count);
}

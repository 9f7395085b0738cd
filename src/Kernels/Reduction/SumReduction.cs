using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Σ x.</summary>
internal readonly struct SumReduction<TSimd, TVector> : IReduction<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static float Identity => 0f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Include(TVector accumulator, TVector x) => TSimd.Add(accumulator, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Join(TVector left, TVector right) => TSimd.Add(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Across(TVector accumulator) => TSimd.Sum(accumulator);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double JoinBlocks(double left, double right) => left + right;
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>max x; NaN wins.</summary>
internal readonly struct MaxReduction<TSimd, TVector> : IReduction<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static float Identity => float.NegativeInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Include(TVector accumulator, TVector x) => TSimd.Max(accumulator, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Join(TVector left, TVector right) => TSimd.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Across(TVector accumulator) => TSimd.MaxAcross(accumulator);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double JoinBlocks(double left, double right) => Math.Max(left, right);
}

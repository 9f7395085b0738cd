using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>Σ 0 · x, which is NaN as soon as an element is NaN or infinite: one multiply-add an element tests all.</summary>
internal readonly struct SumOfZerosReduction<TSimd, TVector> : IReduction<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static float Identity => 0f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Include(TVector accumulator, TVector x) => TSimd.MultiplyAdd(x, default(TVector), accumulator);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Join(TVector left, TVector right) => TSimd.Add(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Across(TVector accumulator) => TSimd.Sum(accumulator);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double JoinBlocks(double left, double right) => left + right;
}

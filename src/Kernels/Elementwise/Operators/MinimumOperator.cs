using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>The smaller of both; NaN wins.</summary>
internal readonly struct MinimumOperator<TSimd, TVector> : IBinaryOperator<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector left, TVector right, TVector parameter) => TSimd.Min(left, right);
}

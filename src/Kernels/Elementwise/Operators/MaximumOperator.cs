using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>The larger of both; NaN wins.</summary>
internal readonly struct MaximumOperator<TSimd, TVector> : IBinaryOperator<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector left, TVector right, TVector parameter) => TSimd.Max(left, right);
}

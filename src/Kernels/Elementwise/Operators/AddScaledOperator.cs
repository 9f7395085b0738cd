using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>right + factor · left.</summary>
internal readonly struct AddScaledOperator<TSimd, TVector> : IBinaryOperator<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector left, TVector right, TVector parameter) => TSimd.MultiplyAdd(left, parameter, right);
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>left / right.</summary>
internal readonly struct DivideOperator<TSimd, TVector> : IBinaryOperator<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector left, TVector right, TVector parameter) => TSimd.Divide(left, right);
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>√x.</summary>
internal readonly struct SqrtOperator<TSimd, TVector> : IUnaryOperator<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter) => TSimd.Sqrt(x);
}

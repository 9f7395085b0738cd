using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>log x.</summary>
internal readonly struct LogOperator<TSimd, TVector> : IUnaryOperator<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter) => VectorMath<TSimd, TVector>.Log(x);
}

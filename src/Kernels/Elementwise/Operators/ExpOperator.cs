using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>eˣ.</summary>
internal readonly struct ExpOperator<TSimd, TVector> : IUnaryOperator<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter) => VectorMath<TSimd, TVector>.Exp(x);
}

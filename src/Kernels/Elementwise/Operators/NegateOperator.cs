using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>−x.</summary>
internal readonly struct NegateOperator<TSimd, TVector> : IUnaryOperator<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool IsShort => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter) => VectorMath<TSimd, TVector>.Negate(x);
}

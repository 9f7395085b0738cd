using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>first · x + second.</summary>
internal readonly struct AffineOperator<TSimd, TVector> : ITwoNumberOperator<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector first, TVector second) => TSimd.MultiplyAdd(x, first, second);
}

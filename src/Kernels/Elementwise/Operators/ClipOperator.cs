using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>x inside [first, second], else the nearer end. The constants stand on the left: a NaN passes.</summary>
internal readonly struct ClipOperator<TSimd, TVector> : ITwoNumberOperator<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector first, TVector second) => TSimd.MinNative(second, TSimd.MaxNative(first, x));
}

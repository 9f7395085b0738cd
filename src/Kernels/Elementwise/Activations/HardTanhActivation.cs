using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>clip(x, −1, 1); derivative 1 for |y| &lt; 1, else 0.</summary>
internal readonly struct HardTanhActivation<TSimd, TVector> : IActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool IsShort => true;

    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter) => TSimd.MinNative(TSimd.Splat(1f), TSimd.MaxNative(TSimd.Splat(-1f), x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x, TVector y) => TSimd.BitAnd(TSimd.LessThan(TSimd.Abs(y), TSimd.Splat(1f)), TSimd.Splat(1f));
}

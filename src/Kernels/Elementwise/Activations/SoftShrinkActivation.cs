using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>x − clip(x, −1/2, 1/2); derivative 1 where y is not 0.</summary>
internal readonly struct SoftShrinkActivation<TSimd, TVector> : IActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter)
        => TSimd.Subtract(x, TSimd.MinNative(TSimd.Splat(0.5f), TSimd.MaxNative(TSimd.Splat(-0.5f), x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x, TVector y) => TSimd.BitAnd(TSimd.GreaterThan(TSimd.Abs(y), default(TVector)), TSimd.Splat(1f));
}

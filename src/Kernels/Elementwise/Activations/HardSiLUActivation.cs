using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>x · clip(x/6 + 1/2, 0, 1); derivative x/3 + 1/2 for |x| &lt; 3, else 0 below and 1 above.</summary>
internal readonly struct HardSiLUActivation<TSimd, TVector> : IActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool NeedsInput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter)
        => TSimd.Multiply(x, TSimd.MinNative(TSimd.Splat(1f), TSimd.MaxNative(TSimd.Splat(0f), TSimd.MultiplyAdd(x, TSimd.Splat(1f / 6), TSimd.Splat(0.5f)))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x, TVector y)
        => TSimd.Select(
            TSimd.LessThan(TSimd.Abs(x), TSimd.Splat(3f)),
            TSimd.MultiplyAdd(x, TSimd.Splat(1f / 3), TSimd.Splat(0.5f)),
            TSimd.BitAnd(TSimd.GreaterThan(x, default(TVector)), TSimd.Splat(1f)));
}

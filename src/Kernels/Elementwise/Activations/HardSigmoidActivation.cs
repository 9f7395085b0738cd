using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>clip(x/6 + 1/2, 0, 1); derivative 1/6 for 0 &lt; y &lt; 1, else 0.</summary>
internal readonly struct HardSigmoidActivation<TSimd, TVector> : IActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter)
        => TSimd.MinNative(TSimd.Splat(1f), TSimd.MaxNative(TSimd.Splat(0f), TSimd.MultiplyAdd(x, TSimd.Splat(1f / 6), TSimd.Splat(0.5f))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x, TVector y)
        => TSimd.BitAnd(TSimd.BitAnd(TSimd.GreaterThan(y, default(TVector)), TSimd.LessThan(y, TSimd.Splat(1f))), TSimd.Splat(1f / 6));
}

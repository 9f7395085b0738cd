using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>min(max(x, 0), 6); derivative 1 for 0 &lt; y &lt; 6, else 0.</summary>
internal readonly struct ReLU6Activation<TSimd, TVector> : IActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool IsShort => true;

    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter) => TSimd.MinNative(TSimd.Splat(6f), TSimd.MaxNative(TSimd.Splat(0f), x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x, TVector y)
        => TSimd.BitAnd(TSimd.BitAnd(TSimd.GreaterThan(y, default(TVector)), TSimd.LessThan(y, TSimd.Splat(6f))), TSimd.Splat(1f));
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>max(x, 0); derivative 1 for y > 0, else 0 (at x = 0 too, as Keras has it).</summary>
internal readonly struct ReLUActivation<TSimd, TVector> : IActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool IsShort => true;

    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter) => TSimd.MaxNative(TSimd.Splat(0f), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x, TVector y) => TSimd.BitAnd(TSimd.GreaterThan(y, default(TVector)), TSimd.Splat(1f));
}

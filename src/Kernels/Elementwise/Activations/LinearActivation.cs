using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>x; derivative 1.</summary>
internal readonly struct LinearActivation<TSimd, TVector> : IActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool IsShort => true;

    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter) => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x, TVector y) => TSimd.Splat(1f);
}

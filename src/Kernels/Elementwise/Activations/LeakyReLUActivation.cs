using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>x for x &gt; 0, else 0.2 x; derivative 1 for y &gt; 0, else 0.2.</summary>
internal readonly struct LeakyReLUActivation<TSimd, TVector> : IActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter)
        => TSimd.Select(TSimd.GreaterThan(x, default(TVector)), x, TSimd.Multiply(x, TSimd.Splat(0.2f)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x, TVector y)
        => TSimd.Select(TSimd.GreaterThan(y, default(TVector)), TSimd.Splat(1f), TSimd.Splat(0.2f));
}

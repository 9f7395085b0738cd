using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>x for x &gt; 0, else eˣ − 1; derivative 1 for y &gt; 0, else y + 1.</summary>
internal readonly struct ELUActivation<TSimd, TVector> : IActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter)
        => TSimd.Select(TSimd.GreaterThan(x, default(TVector)), x, VectorMath<TSimd, TVector>.ExpMinusOneOfNonPositive(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x, TVector y)
        => TSimd.Select(TSimd.GreaterThan(y, default(TVector)), TSimd.Splat(1f), TSimd.Add(y, TSimd.Splat(1f)));
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>x for x &gt; 0, else eˣ − 1; derivative 1 for y &gt; 0, else y + 1.</summary>
internal readonly struct ELUActivation<TSimd, TVector> : IActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter)
        => TSimd.Select(TSimd.GreaterThan(x, TSimd.Zero), x, VectorMath<TSimd, TVector>.ExpMinusOneOfNonPositive(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x, TVector y)
        => TSimd.Select(TSimd.GreaterThan(y, TSimd.Zero), TSimd.Splat(1f), TSimd.Add(y, TSimd.Splat(1f)));
}

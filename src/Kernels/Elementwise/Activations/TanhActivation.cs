using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>tanh x; derivative 1 − y², as (1 − y)(1 + y), which rounds less near ±1.</summary>
internal readonly struct TanhActivation<TSimd, TVector> : IActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter) => VectorMath<TSimd, TVector>.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x, TVector y)
        => TSimd.Multiply(TSimd.Subtract(TSimd.Splat(1f), y), TSimd.Add(TSimd.Splat(1f), y));
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>0 for x ≤ −1, (x + 1)²/4 up to 1, then x; derivative min(√y, 1), because √y = (x + 1)/2 in the middle.</summary>
internal readonly struct SparsePlusActivation<TSimd, TVector> : IActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter)
    {
        TVector half = TSimd.Multiply(TSimd.Splat(0.5f), TSimd.MaxNative(default(TVector), TSimd.Add(x, TSimd.Splat(1f))));
        return TSimd.Select(TSimd.LessThan(x, TSimd.Splat(1f)), TSimd.Multiply(half, half), x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x, TVector y) => TSimd.MinNative(TSimd.Splat(1f), TSimd.Sqrt(y));
}

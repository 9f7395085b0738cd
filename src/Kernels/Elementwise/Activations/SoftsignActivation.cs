using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>x / (1 + |x|); derivative 1 / (1 + |x|)² = (1 − |y|)².</summary>
internal readonly struct SoftsignActivation<TSimd, TVector> : IActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter) => TSimd.Divide(x, TSimd.Add(TSimd.Splat(1f), TSimd.Abs(x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x, TVector y) => Square(TSimd.Subtract(TSimd.Splat(1f), TSimd.Abs(y)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Square(TVector value) => TSimd.Multiply(value, value);
}

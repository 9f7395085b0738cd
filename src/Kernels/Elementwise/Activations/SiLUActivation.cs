using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>x · s with s = sigmoid(x); derivative s + y(1 − s).</summary>
internal readonly struct SiLUActivation<TSimd, TVector> : IActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool NeedsInput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter) => TSimd.Multiply(x, VectorMath<TSimd, TVector>.Sigmoid(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x, TVector y)
    {
        TVector s = VectorMath<TSimd, TVector>.Sigmoid(x);
        return TSimd.MultiplyAdd(y, TSimd.Subtract(TSimd.Splat(1f), s), s);
    }
}

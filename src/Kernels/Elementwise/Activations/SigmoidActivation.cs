using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>1 / (1 + e⁻ˣ); derivative y(1 − y).</summary>
internal readonly struct SigmoidActivation<TSimd, TVector> : IActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter) => VectorMath<TSimd, TVector>.Sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x, TVector y) => TSimd.Multiply(y, TSimd.Subtract(TSimd.Splat(1f), y));
}

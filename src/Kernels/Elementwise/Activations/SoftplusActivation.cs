using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>log(1 + eˣ); derivative sigmoid(x) = 1 − e⁻ʸ.</summary>
internal readonly struct SoftplusActivation<TSimd, TVector> : IActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter) => VectorMath<TSimd, TVector>.Softplus(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x, TVector y)
        => VectorMath<TSimd, TVector>.Negate(VectorMath<TSimd, TVector>.ExpMinusOneOfNonPositive(VectorMath<TSimd, TVector>.Negate(y)));
}

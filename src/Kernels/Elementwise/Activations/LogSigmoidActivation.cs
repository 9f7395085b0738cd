using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>log(sigmoid x) = −softplus(−x); derivative 1 − sigmoid(x) = 1 − eʸ.</summary>
internal readonly struct LogSigmoidActivation<TSimd, TVector> : IActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter) => VectorMath<TSimd, TVector>.LogSigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x, TVector y)
        => VectorMath<TSimd, TVector>.Negate(VectorMath<TSimd, TVector>.ExpMinusOneOfNonPositive(y));
}

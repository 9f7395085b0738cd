using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>x w with w = tanh(softplus x) = n / (n + 2), n = eˣ(eˣ + 2); derivative w + 4 x eˣ(eˣ + 1) / (n + 2)².
/// Source: Misra, Mish: a self regularized non-monotonic activation function, 2019.</summary>
internal readonly struct MishActivation<TSimd, TVector> : IActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool NeedsInput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter)
    {
        TVector e = BoundedExp(x);
        TVector n = TSimd.Multiply(e, TSimd.Add(e, TSimd.Splat(2f)));
        return TSimd.Multiply(x, TSimd.Divide(n, TSimd.Add(n, TSimd.Splat(2f))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x, TVector y)
    {
        TVector e = BoundedExp(x);
        TVector n = TSimd.Multiply(e, TSimd.Add(e, TSimd.Splat(2f)));
        TVector inverse = TSimd.Divide(TSimd.Splat(1f), TSimd.Add(n, TSimd.Splat(2f)));
        TVector slope = TSimd.Multiply(TSimd.Multiply(TSimd.Splat(4f), e), TSimd.Multiply(TSimd.Add(e, TSimd.Splat(1f)), TSimd.Multiply(inverse, inverse)));
        return TSimd.MultiplyAdd(x, slope, TSimd.Multiply(n, inverse));
    }

    // From 20 on w is 1 in float; the bound keeps n finite, and a product with an infinite x exact.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector BoundedExp(TVector x) => VectorMath<TSimd, TVector>.Exp(TSimd.MinNative(TSimd.Splat(20f), x));
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>x − tanh x; derivative tanh² x.</summary>
internal readonly struct TanhShrinkActivation<TSimd, TVector> : IActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool NeedsInput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter) => TSimd.Subtract(x, VectorMath<TSimd, TVector>.Tanh(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x, TVector y)
    {
        TVector tanh = VectorMath<TSimd, TVector>.Tanh(x);
        return TSimd.Multiply(tanh, tanh);
    }
}

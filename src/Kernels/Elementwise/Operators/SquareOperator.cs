using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>x².</summary>
internal readonly struct SquareOperator<TSimd, TVector> : IUnaryOperator<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool IsShort => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter) => TSimd.Multiply(x, x);
}

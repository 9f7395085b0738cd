using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>right + factor · sign(left), where sign is 0 at 0 and at NaN.</summary>
internal readonly struct AddSignOperator<TSimd, TVector> : IBinaryOperator<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector left, TVector right, TVector parameter)
    {
        TVector negative = TSimd.Select(TSimd.LessThan(left, default(TVector)), VectorMath<TSimd, TVector>.Negate(parameter), default(TVector));
        return TSimd.Add(right, TSimd.Select(TSimd.GreaterThan(left, default(TVector)), parameter, negative));
    }
}

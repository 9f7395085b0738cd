namespace FlatFuse.Kernels;

/// <summary>Two vectors in, one out: what <see cref="BinaryLoop{TSimd, TVector, TOperator}"/> does to each pair of elements.</summary>
/// <typeparam name="TSimd">The width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
internal interface IBinaryOperator<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>The function; <paramref name="parameter"/> is the call's one scalar, splatted (most operators ignore it).</summary>
    static abstract TVector Invoke(TVector left, TVector right, TVector parameter);
}

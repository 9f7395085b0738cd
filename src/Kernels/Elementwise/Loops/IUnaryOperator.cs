namespace FlatFuse.Kernels;

/// <summary>One vector in, one vector out: what <see cref="UnaryLoop{TSimd, TVector, TOperator}"/> does to each element.</summary>
/// <typeparam name="TSimd">The width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
internal interface IUnaryOperator<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>True for a function of a few instructions.</summary>
    static virtual bool IsShort => false;

    /// <summary>The function; <paramref name="parameter"/> is the call's one scalar, splatted (most operators ignore it).</summary>
    static abstract TVector Invoke(TVector x, TVector parameter);
}

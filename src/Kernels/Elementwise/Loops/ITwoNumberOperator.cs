namespace FlatFuse.Kernels;

/// <summary>One vector in, one out, with two numbers of the call: what <see cref="TwoNumberLoop{TSimd, TVector, TOperator}"/> does to each element.</summary>
/// <typeparam name="TSimd">The width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
internal interface ITwoNumberOperator<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>The function; both numbers are splatted.</summary>
    static abstract TVector Invoke(TVector x, TVector first, TVector second);
}

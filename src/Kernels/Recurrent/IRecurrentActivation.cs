namespace FlatFuse.Kernels;

/// <summary>An activation inside a cell: inlined where it is the usual one, behind a pointer elsewhere.</summary>
internal interface IRecurrentActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>True when forward keeps the output, from which the derivative follows; false when it keeps the pre-activation.</summary>
    static abstract bool KeepsOutput { get; }

    TVector Value(TVector x);

    /// <summary>The derivative at <paramref name="x"/> (undefined when the output is kept), where the output is <paramref name="y"/>.</summary>
    TVector Derivative(TVector x, TVector y);
}

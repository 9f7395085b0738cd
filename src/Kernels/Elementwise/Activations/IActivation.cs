namespace FlatFuse.Kernels;

/// <summary>An activation and its derivative, side by side.</summary>
/// <typeparam name="TSimd">The width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
internal interface IActivation<TSimd, TVector> : IUnaryOperator<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>True when the derivative cannot be had from the output alone.</summary>
    static abstract bool NeedsInput { get; }

    /// <summary>The derivative at <paramref name="x"/> (undefined unless <see cref="NeedsInput"/>), where the output is <paramref name="y"/>.</summary>
    static abstract TVector Derivative(TVector x, TVector y);
}

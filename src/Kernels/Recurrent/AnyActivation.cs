namespace FlatFuse.Kernels;

/// <summary>Any activation, called through pointers: four hundred pairs would be as many kernels.</summary>
internal readonly struct AnyActivation<TSimd, TVector>(ActivationKind kind) : IRecurrentActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private readonly LSTMActivation<TSimd, TVector> _activation = LSTMActivation<TSimd, TVector>.Of(kind);

    public static bool KeepsOutput => false;

    public TVector Value(TVector x) => _activation.Value(x);

    public TVector Derivative(TVector x, TVector y) => _activation.Derivative(x, y);
}

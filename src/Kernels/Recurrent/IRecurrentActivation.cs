using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>An activation inside a cell: inlined where it is the usual one, behind a pointer elsewhere.</summary>
internal interface IRecurrentActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>True when forward keeps the output, from which the derivative follows; false when it keeps the pre-activation.</summary>
    static abstract bool KeepsOutput { get; }

    TVector Value(TVector x);

    /// <summary>The derivative at <paramref name="x"/> (undefined when the output is kept), where the output is <paramref name="y"/>.</summary>
    TVector Derivative(TVector x, TVector y);
}

/// <summary>An activation as a type: its code stands in the cell's loop.</summary>
internal readonly struct InlineActivation<TSimd, TVector, TActivation> : IRecurrentActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TActivation : struct, IActivation<TSimd, TVector>
{
    public static bool KeepsOutput => !TActivation.NeedsInput;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Value(TVector x) => TActivation.Invoke(x, TSimd.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Derivative(TVector x, TVector y) => TActivation.Derivative(x, y);
}

/// <summary>Any activation, called through pointers: four hundred pairs would be as many kernels.</summary>
internal readonly struct AnyActivation<TSimd, TVector>(ActivationKind kind) : IRecurrentActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private readonly LSTMActivation<TSimd, TVector> _activation = LSTMActivation<TSimd, TVector>.Of(kind);

    public static bool KeepsOutput => false;

    public TVector Value(TVector x) => _activation.Value(x);

    public TVector Derivative(TVector x, TVector y) => _activation.Derivative(x, y);
}

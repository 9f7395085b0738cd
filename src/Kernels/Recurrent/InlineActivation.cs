using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>An activation as a type: its code stands in the cell's loop.</summary>
internal readonly struct InlineActivation<TSimd, TVector, TActivation> : IRecurrentActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TActivation : struct, IActivation<TSimd, TVector>
{
    public static bool KeepsOutput => !TActivation.NeedsInput;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Value(TVector x) => TActivation.Invoke(x, default(TVector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Derivative(TVector x, TVector y) => TActivation.Derivative(x, y);
}

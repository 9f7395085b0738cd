using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>max(x, 0) + min(eˣ − 1, 0); derivative 1 for y &gt; 0, else y + 1 (with α = 1 it is ELU, and stays one here).</summary>
internal readonly struct CELUActivation<TSimd, TVector> : IActivation<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    public static bool NeedsInput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke(TVector x, TVector parameter) => ELUActivation<TSimd, TVector>.Invoke(x, parameter);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative(TVector x, TVector y) => ELUActivation<TSimd, TVector>.Derivative(x, y);
}

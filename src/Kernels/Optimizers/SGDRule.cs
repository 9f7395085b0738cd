using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>m = μ m − η g, w += m; w += μ m − η g with Nesterov's look-ahead; w −= η g without momentum. State: m.</summary>
internal struct SGDRule<TSimd, TVector, TMomentum, TNesterov> : IOptimizerRule<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TMomentum : struct, IOption
    where TNesterov : struct, IOption
{
    public float LearningRate;
    public float Momentum;

    public static OptimizerStates States => TMomentum.Value ? OptimizerStates.First : OptimizerStates.None;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly TVector Update(TVector weight, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        TVector step = TSimd.Multiply(gradient, TSimd.Splat(-LearningRate));
        if (!TMomentum.Value)
            return TSimd.Add(weight, step);
        first = TSimd.MultiplyAdd(first, TSimd.Splat(Momentum), step);
        return TSimd.Add(weight, TNesterov.Value ? TSimd.MultiplyAdd(first, TSimd.Splat(Momentum), step) : first);
    }
}

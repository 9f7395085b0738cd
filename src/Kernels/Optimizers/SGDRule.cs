using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>m = μ m − η g, w += m; w += μ m − η g with Nesterov's look-ahead; w −= η g without momentum. State: m.</summary>
internal readonly struct SGDRule<TSimd, TVector, TMomentum, TNesterov>(in SGDStep s) : IOptimizerRule<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TMomentum : struct, IOption
    where TNesterov : struct, IOption
{
    private readonly float _learningRate = (float)s.LearningRate;
    private readonly float _momentum = (float)s.Momentum;

    public static OptimizerStates States => TMomentum.Value ? OptimizerStates.First : OptimizerStates.None;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Update(TVector weight, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        TVector step = TSimd.Multiply(gradient, TSimd.Splat(-_learningRate));
        if (!TMomentum.Value)
            return TSimd.Add(weight, step);
        first = TSimd.MultiplyAdd(first, TSimd.Splat(_momentum), step);
        return TSimd.Add(weight, TNesterov.Value ? TSimd.MultiplyAdd(first, TSimd.Splat(_momentum), step) : first);
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>w −= η sign(β₁ m + (1 − β₁) g); m = β₂ m + (1 − β₂) g. State: m.</summary>
internal readonly struct LionRule<TSimd, TVector>(in LionStep s) : IOptimizerRule<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private readonly float _learningRate = (float)s.LearningRate;
    private readonly float _oneMinusBeta1 = (float)(1 - s.Beta1);
    private readonly float _oneMinusBeta2 = (float)(1 - s.Beta2);

    public static OptimizerStates States => OptimizerStates.First;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Update(TVector weight, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        TVector mix = TSimd.MultiplyAdd(TSimd.Subtract(gradient, first), TSimd.Splat(_oneMinusBeta1), first);
        first = TSimd.MultiplyAdd(TSimd.Subtract(gradient, first), TSimd.Splat(_oneMinusBeta2), first);
        TVector down = TSimd.BitAnd(TSimd.GreaterThan(mix, default(TVector)), TSimd.Splat(_learningRate));
        TVector up = TSimd.BitAnd(TSimd.LessThan(mix, default(TVector)), TSimd.Splat(_learningRate));
        // NaN has no sign: adding it makes trouble visible instead of leaving the weight.
        TVector step = TSimd.Add(TSimd.Subtract(up, down), TSimd.Multiply(mix, default(TVector)));
        return TSimd.Add(weight, step);
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>w −= η sign(β₁ m + (1 − β₁) g); m = β₂ m + (1 − β₂) g. State: m.</summary>
internal struct LionRule<TSimd, TVector> : IOptimizerRule<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public float LearningRate;
    public float OneMinusBeta1;
    public float OneMinusBeta2;

    public static OptimizerStates States => OptimizerStates.First;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly TVector Update(TVector weight, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        TVector mix = TSimd.MultiplyAdd(TSimd.Subtract(gradient, first), TSimd.Splat(OneMinusBeta1), first);
        first = TSimd.MultiplyAdd(TSimd.Subtract(gradient, first), TSimd.Splat(OneMinusBeta2), first);
        TVector down = TSimd.BitAnd(TSimd.GreaterThan(mix, TSimd.Zero), TSimd.Splat(LearningRate));
        TVector up = TSimd.BitAnd(TSimd.LessThan(mix, TSimd.Zero), TSimd.Splat(LearningRate));
        // NaN has no sign: adding it makes trouble visible instead of leaving the weight.
        TVector step = TSimd.Add(TSimd.Subtract(up, down), TSimd.Multiply(mix, TSimd.Zero));
        return TSimd.Add(weight, step);
    }
}

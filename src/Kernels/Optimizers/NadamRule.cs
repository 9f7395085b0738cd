using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>m, v moving averages; w −= (a m + b g) / (√(v c) + ε) with a = η μₜ₊₁ / (1 − P μₜ₊₁), b = η (1 − μₜ) / (1 − P), c = 1 / (1 − β₂ᵗ). States: m, v.</summary>
internal readonly struct NadamRule<TSimd, TVector>(in NadamStep s) : IOptimizerRule<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private readonly float _meanRate = (float)(s.LearningRate * Next(s) / (1 - (s.MomentumProduct * Next(s))));
    private readonly float _gradientRate = (float)(s.LearningRate * (1 - NadamStep.MomentumAt(s.Beta1, s.Step)) / (1 - s.MomentumProduct));
    private readonly float _oneMinusBeta1 = (float)(1 - s.Beta1);
    private readonly float _oneMinusBeta2 = (float)(1 - s.Beta2);
    private readonly float _correction = (float)(1 / (1 - Math.Pow(s.Beta2, s.Step)));
    private readonly float _epsilon = (float)s.Epsilon;

    public static OptimizerStates States => OptimizerStates.First | OptimizerStates.Second;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Update(TVector weight, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        first = TSimd.MultiplyAdd(TSimd.Subtract(gradient, first), TSimd.Splat(_oneMinusBeta1), first);
        second = TSimd.MultiplyAdd(TSimd.Subtract(TSimd.Multiply(gradient, gradient), second), TSimd.Splat(_oneMinusBeta2), second);
        TVector direction = TSimd.MultiplyAdd(first, TSimd.Splat(_meanRate), TSimd.Multiply(gradient, TSimd.Splat(_gradientRate)));
        TVector root = TSimd.Sqrt(TSimd.Multiply(second, TSimd.Splat(_correction)));
        return TSimd.Subtract(weight, TSimd.Divide(direction, TSimd.Add(root, TSimd.Splat(_epsilon))));
    }

    private static double Next(in NadamStep s) => NadamStep.MomentumAt(s.Beta1, s.Step + 1);
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>m moving average of g; u = max(β₂ u, |g|); w −= α m / (u + ε) with α = η / (1 − β₁ᵗ). States: m, u.</summary>
internal readonly struct AdamaxRule<TSimd, TVector>(in AdamaxStep s) : IOptimizerRule<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private readonly float _rate = (float)(s.LearningRate / (1 - Math.Pow(s.Beta1, s.Step)));
    private readonly float _oneMinusBeta1 = (float)(1 - s.Beta1);
    private readonly float _beta2 = (float)s.Beta2;
    private readonly float _epsilon = (float)s.Epsilon;

    public static OptimizerStates States => OptimizerStates.First | OptimizerStates.Second;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Update(TVector weight, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        first = TSimd.MultiplyAdd(TSimd.Subtract(gradient, first), TSimd.Splat(_oneMinusBeta1), first);
        second = TSimd.Max(TSimd.Multiply(second, TSimd.Splat(_beta2)), TSimd.Abs(gradient));
        return TSimd.Subtract(weight, TSimd.Divide(TSimd.Multiply(first, TSimd.Splat(_rate)), TSimd.Add(second, TSimd.Splat(_epsilon))));
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>m moving average of g; u = max(β₂ u, |g|); w −= α m / (u + ε) with α = η / (1 − β₁ᵗ). States: m, u.</summary>
internal struct AdamaxRule<TSimd, TVector> : IOptimizerRule<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public float Rate;
    public float OneMinusBeta1;
    public float Beta2;
    public float Epsilon;

    public static OptimizerStates States => OptimizerStates.First | OptimizerStates.Second;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly TVector Update(TVector weight, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        first = TSimd.MultiplyAdd(TSimd.Subtract(gradient, first), TSimd.Splat(OneMinusBeta1), first);
        second = TSimd.Max(TSimd.Multiply(second, TSimd.Splat(Beta2)), TSimd.Abs(gradient));
        return TSimd.Subtract(weight, TSimd.Divide(TSimd.Multiply(first, TSimd.Splat(Rate)), TSimd.Add(second, TSimd.Splat(Epsilon))));
    }
}

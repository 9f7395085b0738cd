using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>m, v moving averages; w −= (a m + b g) / (√(v c) + ε) with a = η μₜ₊₁ / (1 − P μₜ₊₁), b = η (1 − μₜ) / (1 − P), c = 1 / (1 − β₂ᵗ). States: m, v.</summary>
internal struct NadamRule<TSimd, TVector> : IOptimizerRule<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public float MeanRate;
    public float GradientRate;
    public float OneMinusBeta1;
    public float OneMinusBeta2;
    public float Correction;
    public float Epsilon;

    public static OptimizerStates States => OptimizerStates.First | OptimizerStates.Second;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly TVector Update(TVector weight, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        first = TSimd.MultiplyAdd(TSimd.Subtract(gradient, first), TSimd.Splat(OneMinusBeta1), first);
        second = TSimd.MultiplyAdd(TSimd.Subtract(TSimd.Multiply(gradient, gradient), second), TSimd.Splat(OneMinusBeta2), second);
        TVector direction = TSimd.MultiplyAdd(first, TSimd.Splat(MeanRate), TSimd.Multiply(gradient, TSimd.Splat(GradientRate)));
        TVector root = TSimd.Sqrt(TSimd.Multiply(second, TSimd.Splat(Correction)));
        return TSimd.Subtract(weight, TSimd.Divide(direction, TSimd.Add(root, TSimd.Splat(Epsilon))));
    }
}

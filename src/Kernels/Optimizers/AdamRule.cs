using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>m, v moving averages of g and g²; w −= α m / (√v + ε) with α = η √(1 − β₂ᵗ) / (1 − β₁ᵗ); AMSGrad divides by the running maximum of v. States: m, v, maximum.</summary>
internal readonly struct AdamRule<TSimd, TVector, TMaximum>(in AdamStep s) : IOptimizerRule<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TMaximum : struct, IOption
{
    private readonly float _rate = (float)(s.LearningRate * Math.Sqrt(1 - Math.Pow(s.Beta2, s.Step)) / (1 - Math.Pow(s.Beta1, s.Step)));
    private readonly float _oneMinusBeta1 = (float)(1 - s.Beta1);
    private readonly float _oneMinusBeta2 = (float)(1 - s.Beta2);
    private readonly float _epsilon = (float)s.Epsilon;

    public static OptimizerStates States => OptimizerStates.First | OptimizerStates.Second | (TMaximum.Value ? OptimizerStates.Third : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Update(TVector weight, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        first = TSimd.MultiplyAdd(TSimd.Subtract(gradient, first), TSimd.Splat(_oneMinusBeta1), first);
        second = TSimd.MultiplyAdd(TSimd.Subtract(TSimd.Multiply(gradient, gradient), second), TSimd.Splat(_oneMinusBeta2), second);
        TVector square = second;
        if (TMaximum.Value)
            square = third = TSimd.Max(third, second);
        TVector step = TSimd.Divide(TSimd.Multiply(first, TSimd.Splat(_rate)), TSimd.Add(TSimd.Sqrt(square), TSimd.Splat(_epsilon)));
        return TSimd.Subtract(weight, step);
    }
}

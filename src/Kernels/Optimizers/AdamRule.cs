using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>m, v moving averages of g and g²; w −= α m / (√v + ε) with α = η √(1 − β₂ᵗ) / (1 − β₁ᵗ); AMSGrad divides by the running maximum of v. States: m, v, maximum.</summary>
internal struct AdamRule<TSimd, TVector, TMaximum> : IOptimizerRule<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TMaximum : struct, IOption
{
    public float Rate;
    public float OneMinusBeta1;
    public float OneMinusBeta2;
    public float Epsilon;

    public static OptimizerStates States => OptimizerStates.First | OptimizerStates.Second | (TMaximum.Value ? OptimizerStates.Third : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly TVector Update(TVector weight, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        first = TSimd.MultiplyAdd(TSimd.Subtract(gradient, first), TSimd.Splat(OneMinusBeta1), first);
        second = TSimd.MultiplyAdd(TSimd.Subtract(TSimd.Multiply(gradient, gradient), second), TSimd.Splat(OneMinusBeta2), second);
        TVector square = second;
        if (TMaximum.Value)
            square = third = TSimd.Max(third, second);
        TVector step = TSimd.Divide(TSimd.Multiply(first, TSimd.Splat(Rate)), TSimd.Add(TSimd.Sqrt(square), TSimd.Splat(Epsilon)));
        return TSimd.Subtract(weight, step);
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>v = ρ v + (1 − ρ) g²; d = η g / √(v + ε), centered √(v − a² + ε) with a = ρ a + (1 − ρ) g; w −= d, or m = μ m + d, w −= m. States: v, a, m.</summary>
internal struct RMSpropRule<TSimd, TVector, TCentered, TMomentum> : IOptimizerRule<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TCentered : struct, IOption
    where TMomentum : struct, IOption
{
    public float LearningRate;
    public float OneMinusRho;
    public float Momentum;
    public float Epsilon;

    public static OptimizerStates States => OptimizerStates.First | (TCentered.Value ? OptimizerStates.Second : 0) | (TMomentum.Value ? OptimizerStates.Third : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly TVector Update(TVector weight, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        first = TSimd.MultiplyAdd(TSimd.Subtract(TSimd.Multiply(gradient, gradient), first), TSimd.Splat(OneMinusRho), first);
        TVector variance = first;
        if (TCentered.Value)
        {
            second = TSimd.MultiplyAdd(TSimd.Subtract(gradient, second), TSimd.Splat(OneMinusRho), second);
            variance = TSimd.Subtract(first, TSimd.Multiply(second, second));
        }
        TVector root = TSimd.Sqrt(TSimd.Add(variance, TSimd.Splat(Epsilon)));
        TVector step = TSimd.Divide(TSimd.Multiply(gradient, TSimd.Splat(LearningRate)), root);
        if (!TMomentum.Value)
            return TSimd.Subtract(weight, step);
        third = TSimd.MultiplyAdd(third, TSimd.Splat(Momentum), step);
        return TSimd.Subtract(weight, third);
    }
}

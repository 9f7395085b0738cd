using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>v = ρ v + (1 − ρ) g²; d = η g / √(v + ε), centered √(v − a² + ε) with a = ρ a + (1 − ρ) g; w −= d, or m = μ m + d, w −= m. States: v, a, m.</summary>
internal readonly struct RMSpropRule<TSimd, TVector, TCentered, TMomentum>(in RMSpropStep s) : IOptimizerRule<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TCentered : struct, IOption
    where TMomentum : struct, IOption
{
    private readonly float _learningRate = (float)s.LearningRate;
    private readonly float _oneMinusRho = (float)(1 - s.Rho);
    private readonly float _momentum = (float)s.Momentum;
    private readonly float _epsilon = (float)s.Epsilon;

    public static OptimizerStates States => OptimizerStates.First | (TCentered.Value ? OptimizerStates.Second : 0) | (TMomentum.Value ? OptimizerStates.Third : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Update(TVector weight, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        first = TSimd.MultiplyAdd(TSimd.Subtract(TSimd.Multiply(gradient, gradient), first), TSimd.Splat(_oneMinusRho), first);
        TVector variance = first;
        if (TCentered.Value)
        {
            second = TSimd.MultiplyAdd(TSimd.Subtract(gradient, second), TSimd.Splat(_oneMinusRho), second);
            variance = TSimd.Subtract(first, TSimd.Multiply(second, second));
        }
        TVector root = TSimd.Sqrt(TSimd.Add(variance, TSimd.Splat(_epsilon)));
        TVector step = TSimd.Divide(TSimd.Multiply(gradient, TSimd.Splat(_learningRate)), root);
        if (!TMomentum.Value)
            return TSimd.Subtract(weight, step);
        third = TSimd.MultiplyAdd(third, TSimd.Splat(_momentum), step);
        return TSimd.Subtract(weight, third);
    }
}

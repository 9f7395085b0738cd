using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>a = ρ a + (1 − ρ) g²; d = −√(b + ε) / √(a + ε) · g; b = ρ b + (1 − ρ) d²; w += η d. States: a, b.</summary>
internal readonly struct AdadeltaRule<TSimd, TVector>(in AdadeltaStep s) : IOptimizerRule<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private readonly float _learningRate = (float)s.LearningRate;
    private readonly float _oneMinusRho = (float)(1 - s.Rho);
    private readonly float _epsilon = (float)s.Epsilon;

    public static OptimizerStates States => OptimizerStates.First | OptimizerStates.Second;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Update(TVector weight, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        first = TSimd.MultiplyAdd(TSimd.Subtract(TSimd.Multiply(gradient, gradient), first), TSimd.Splat(_oneMinusRho), first);
        TVector epsilon = TSimd.Splat(_epsilon);
        TVector ratio = TSimd.Divide(TSimd.Sqrt(TSimd.Add(second, epsilon)), TSimd.Sqrt(TSimd.Add(first, epsilon)));
        TVector step = TSimd.Multiply(ratio, gradient);
        second = TSimd.MultiplyAdd(TSimd.Subtract(TSimd.Multiply(step, step), second), TSimd.Splat(_oneMinusRho), second);
        return TSimd.MultiplyAdd(step, TSimd.Splat(-_learningRate), weight);
    }
}

using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>a = ρ a + (1 − ρ) g²; d = −√(b + ε) / √(a + ε) · g; b = ρ b + (1 − ρ) d²; w += η d. States: a, b.</summary>
internal struct AdadeltaRule<TSimd, TVector> : IOptimizerRule<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public float LearningRate;
    public float OneMinusRho;
    public float Epsilon;

    public static OptimizerStates States => OptimizerStates.First | OptimizerStates.Second;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly TVector Update(TVector weight, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        first = TSimd.MultiplyAdd(TSimd.Subtract(TSimd.Multiply(gradient, gradient), first), TSimd.Splat(OneMinusRho), first);
        TVector epsilon = TSimd.Splat(Epsilon);
        TVector ratio = TSimd.Divide(TSimd.Sqrt(TSimd.Add(second, epsilon)), TSimd.Sqrt(TSimd.Add(first, epsilon)));
        TVector step = TSimd.Multiply(ratio, gradient);
        second = TSimd.MultiplyAdd(TSimd.Subtract(TSimd.Multiply(step, step), second), TSimd.Splat(OneMinusRho), second);
        return TSimd.MultiplyAdd(step, TSimd.Splat(-LearningRate), weight);
    }
}

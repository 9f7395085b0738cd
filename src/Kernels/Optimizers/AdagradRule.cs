using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>a += g²; w −= η g / √(a + ε). State: a.</summary>
internal struct AdagradRule<TSimd, TVector> : IOptimizerRule<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public float LearningRate;
    public float Epsilon;

    public static OptimizerStates States => OptimizerStates.First;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly TVector Update(TVector weight, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        first = TSimd.MultiplyAdd(gradient, gradient, first);
        return TSimd.Subtract(weight, TSimd.Divide(TSimd.Multiply(gradient, TSimd.Splat(LearningRate)), TSimd.Sqrt(TSimd.Add(first, TSimd.Splat(Epsilon)))));
    }
}

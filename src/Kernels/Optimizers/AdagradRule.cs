using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>a += g²; w −= η g / √(a + ε). State: a.</summary>
internal readonly struct AdagradRule<TSimd, TVector>(in AdagradStep s) : IOptimizerRule<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private readonly float _learningRate = (float)s.LearningRate;
    private readonly float _epsilon = (float)s.Epsilon;

    public static OptimizerStates States => OptimizerStates.First;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Update(TVector weight, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        first = TSimd.MultiplyAdd(gradient, gradient, first);
        return TSimd.Subtract(weight, TSimd.Divide(TSimd.Multiply(gradient, TSimd.Splat(_learningRate)), TSimd.Sqrt(TSimd.Add(first, TSimd.Splat(_epsilon)))));
    }
}

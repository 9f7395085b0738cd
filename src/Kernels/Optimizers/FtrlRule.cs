using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// z += g + 2 λₛ w − (n'ᵖ − nᵖ) / η · w with n' = n + g² and p = −power; w = (clip(z, −λ₁, λ₁) − z) / (n'ᵖ / η + 2 λ₂ + β / η). States: n, z.
/// </summary>
internal readonly struct FtrlRule<TSimd, TVector, TRoot>(in FtrlStep s) : IOptimizerRule<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
    where TRoot : struct, IOption
{
    private readonly float _inverseRate = (float)(1 / s.LearningRate);
    private readonly float _power = (float)-s.LearningRatePower;
    private readonly float _l1 = (float)s.L1;
    private readonly float _ridge = (float)((2 * s.L2) + (s.Beta / s.LearningRate));
    private readonly float _twiceShrinkage = (float)(2 * s.L2Shrinkage);

    public static OptimizerStates States => OptimizerStates.First | OptimizerStates.Second;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Update(TVector weight, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        TVector before = Raise(first);
        first = TSimd.MultiplyAdd(gradient, gradient, first);
        TVector after = Raise(first);
        TVector sigma = TSimd.Multiply(TSimd.Subtract(after, before), TSimd.Splat(_inverseRate));
        TVector shrunk = TSimd.MultiplyAdd(weight, TSimd.Splat(_twiceShrinkage), gradient);
        second = TSimd.Add(second, TSimd.Subtract(shrunk, TSimd.Multiply(sigma, weight)));
        TVector quadratic = TSimd.MultiplyAdd(after, TSimd.Splat(_inverseRate), TSimd.Splat(_ridge));
        TVector clipped = TSimd.MinNative(TSimd.Splat(_l1), TSimd.MaxNative(TSimd.Splat(-_l1), second));
        TVector updated = TSimd.Divide(TSimd.Subtract(clipped, second), quadratic);
        // Nothing was ever summed: 0 / 0. The limit of small gradients leaves the weight where it is.
        return TSimd.Select(TSimd.Equal(quadratic, default(TVector)), weight, updated);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TVector Raise(TVector sum)
        => TRoot.Value
            ? TSimd.Sqrt(sum)
            : VectorMath<TSimd, TVector>.Exp(TSimd.Multiply(VectorMath<TSimd, TVector>.Log(sum), TSimd.Splat(_power)));
}

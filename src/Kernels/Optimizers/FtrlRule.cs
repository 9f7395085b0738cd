using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// z += g + 2 λₛ w − (n'ᵖ − nᵖ) / η · w with n' = n + g² and p = −power; w = (clip(z, −λ₁, λ₁) − z) / (n'ᵖ / η + 2 λ₂ + β / η). States: n, z.
/// </summary>
internal struct FtrlRule<TSimd, TVector, TRoot> : IOptimizerRule<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TRoot : struct, IOption
{
    public float InverseRate;
    public float Power;
    public float L1;
    public float Ridge;
    public float TwiceShrinkage;

    public static OptimizerStates States => OptimizerStates.First | OptimizerStates.Second;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly TVector Update(TVector weight, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        TVector before = Raise(first);
        first = TSimd.MultiplyAdd(gradient, gradient, first);
        TVector after = Raise(first);
        TVector sigma = TSimd.Multiply(TSimd.Subtract(after, before), TSimd.Splat(InverseRate));
        TVector shrunk = TSimd.MultiplyAdd(weight, TSimd.Splat(TwiceShrinkage), gradient);
        second = TSimd.Add(second, TSimd.Subtract(shrunk, TSimd.Multiply(sigma, weight)));
        TVector quadratic = TSimd.MultiplyAdd(after, TSimd.Splat(InverseRate), TSimd.Splat(Ridge));
        TVector clipped = TSimd.MinNative(TSimd.Splat(L1), TSimd.MaxNative(TSimd.Splat(-L1), second));
        TVector updated = TSimd.Divide(TSimd.Subtract(clipped, second), quadratic);
        // Nothing was ever summed: 0 / 0. The limit of small gradients leaves the weight where it is.
        return TSimd.Select(TSimd.Equal(quadratic, TSimd.Zero), weight, updated);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly TVector Raise(TVector sum)
        => TRoot.Value
            ? TSimd.Sqrt(sum)
            : VectorMath<TSimd, TVector>.Exp(TSimd.Multiply(VectorMath<TSimd, TVector>.Log(sum), TSimd.Splat(Power)));
}

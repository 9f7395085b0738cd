namespace FlatFuse.Kernels;

/// <summary>The scalars of one step of Nadam (Dozat 2016).</summary>
/// <param name="LearningRate">The learning rate of this step.</param>
public readonly record struct NadamStep(double LearningRate)
{
    /// <summary>β₁ of the momentum schedule.</summary>
    public double Beta1 { get; init; }

    /// <summary>Decay β₂ of the mean square.</summary>
    public double Beta2 { get; init; }

    /// <summary>ε.</summary>
    public double Epsilon { get; init; }

    /// <summary>t, counted from 1.</summary>
    public long Step { get; init; }

    /// <summary>μ₁ · … · μₜ, kept by the caller: times <see cref="MomentumAt"/> each step.</summary>
    public double MomentumProduct { get; init; }

    /// <summary>Scaling, clipping and weight decay before the update.</summary>
    public GradientPreparation Preparation { get; init; }

    /// <summary>μ at step t: β₁ (1 − 0.5 · 0.96ᵗ).</summary>
    /// <param name="beta1">β₁.</param>
    /// <param name="step">t, counted from 1.</param>
    public static double MomentumAt(double beta1, long step) => beta1 * (1 - (0.5 * Math.Pow(0.96, step)));
}

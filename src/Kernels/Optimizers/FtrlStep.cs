namespace FlatFuse.Kernels;

/// <summary>The scalars of one step of Ftrl (McMahan et al. 2013).</summary>
/// <param name="LearningRate">The learning rate of this step.</param>
public readonly record struct FtrlStep(double LearningRate)
{
    /// <summary>The power that n is scaled by, 0 or less; −0.5 takes roots.</summary>
    public double LearningRatePower { get; init; } = -0.5;

    /// <summary>λ₁.</summary>
    public double L1 { get; init; }

    /// <summary>λ₂.</summary>
    public double L2 { get; init; }

    /// <summary>λₛ: a penalty on the weights that acts through the gradient.</summary>
    public double L2Shrinkage { get; init; }

    /// <summary>β.</summary>
    public double Beta { get; init; }

    /// <summary>Scaling, clipping and weight decay before the update.</summary>
    public GradientPreparation Preparation { get; init; }
}

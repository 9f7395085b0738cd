namespace FlatFuse.Kernels;

/// <summary>The scalars of one step of Lion (Chen et al. 2023).</summary>
/// <param name="LearningRate">The learning rate of this step.</param>
public readonly record struct LionStep(double LearningRate)
{
    /// <summary>β₁, the mix whose sign is the update.</summary>
    public double Beta1 { get; init; }

    /// <summary>β₂, the decay of the mean.</summary>
    public double Beta2 { get; init; }

    /// <summary>Scaling, clipping and weight decay before the update.</summary>
    public GradientPreparation Preparation { get; init; }
}

namespace FlatFuse.Kernels;

/// <summary>The scalars of one step of Adamax (Kingma and Ba 2014).</summary>
/// <param name="LearningRate">The learning rate of this step.</param>
public readonly record struct AdamaxStep(double LearningRate)
{
    /// <summary>Decay β₁ of the mean.</summary>
    public double Beta1 { get; init; }

    /// <summary>Decay β₂ of the norm.</summary>
    public double Beta2 { get; init; }

    /// <summary>ε.</summary>
    public double Epsilon { get; init; }

    /// <summary>t, counted from 1.</summary>
    public long Step { get; init; }

    /// <summary>Scaling, clipping and weight decay before the update.</summary>
    public GradientPreparation Preparation { get; init; }
}

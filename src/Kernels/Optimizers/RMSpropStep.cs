namespace FlatFuse.Kernels;

/// <summary>The scalars of one step of RMSprop (Tieleman and Hinton 2012).</summary>
/// <param name="LearningRate">The learning rate of this step.</param>
public readonly record struct RMSpropStep(double LearningRate)
{
    /// <summary>Decay ρ of the mean square.</summary>
    public double Rho { get; init; }

    /// <summary>Factor μ of the running update; 0 for none.</summary>
    public double Momentum { get; init; }

    /// <summary>ε, inside the root.</summary>
    public double Epsilon { get; init; }

    /// <summary>Scaling, clipping and weight decay before the update.</summary>
    public GradientPreparation Preparation { get; init; }
}

namespace FlatFuse.Kernels;

/// <summary>The scalars of one step of Adadelta (Zeiler 2012).</summary>
/// <param name="LearningRate">The learning rate of this step.</param>
public readonly record struct AdadeltaStep(double LearningRate)
{
    /// <summary>Decay ρ of both mean squares.</summary>
    public double Rho { get; init; }

    /// <summary>ε, inside the roots.</summary>
    public double Epsilon { get; init; }

    /// <summary>Scaling, clipping and weight decay before the update.</summary>
    public GradientPreparation Preparation { get; init; }
}

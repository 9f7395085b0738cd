namespace FlatFuse.Kernels;

/// <summary>The scalars of one step of Stochastic gradient descent.</summary>
/// <param name="LearningRate">The learning rate of this step.</param>
public readonly record struct SGDStep(double LearningRate)
{
    /// <summary>Factor μ of the running update; 0 for none (then no momentum memory is used).</summary>
    public double Momentum { get; init; }

    /// <summary>True to look ahead: w += μ m − learning rate · g.</summary>
    public bool Nesterov { get; init; }

    /// <summary>Scaling, clipping and weight decay before the update.</summary>
    public GradientPreparation Preparation { get; init; }
}

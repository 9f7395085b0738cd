namespace FlatFuse.Kernels;

/// <summary>The scalars of one step of Adagrad (Duchi, Hazan, Singer 2011).</summary>
/// <param name="LearningRate">The learning rate of this step.</param>
public readonly record struct AdagradStep(double LearningRate)
{
    /// <summary>ε, inside the root.</summary>
    public double Epsilon { get; init; }

    /// <summary>Scaling, clipping and weight decay before the update.</summary>
    public GradientPreparation Preparation { get; init; }
}

namespace FlatFuse.Kernels;

/// <summary>The sizes and options of one simple recurrent layer over a batch of sequences.</summary>
/// <param name="Batch">Sequences, 0 or more.</param>
/// <param name="Steps">Time steps of each, 0 or more.</param>
/// <param name="Features">Inputs a step, 1 or more.</param>
/// <param name="Units">Width of the state, 1 or more.</param>
public readonly record struct SimpleRNNShape(int Batch, int Steps, int Features, int Units)
{
    /// <summary>True to process the last step first; sequences come out in processing order.</summary>
    public bool GoBackwards { get; init; } = false;

    /// <summary>The activation.</summary>
    public ActivationKind Activation { get; init; } = ActivationKind.Tanh;

    internal RecurrentShape Frame => new(RecurrentKind.Simple, Batch, Steps, Features, Units) { GoBackwards = GoBackwards, Activation = Activation };
}

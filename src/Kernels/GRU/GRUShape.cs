namespace FlatFuse.Kernels;

/// <summary>The sizes and options of one GRU over a batch of sequences.</summary>
/// <param name="Batch">Sequences, 0 or more.</param>
/// <param name="Steps">Time steps of each, 0 or more.</param>
/// <param name="Features">Inputs a step, 1 or more.</param>
/// <param name="Units">Width of the state, 1 or more.</param>
public readonly record struct GRUShape(int Batch, int Steps, int Features, int Units)
{
    /// <summary>True when the reset gate scales the product h R, false when it scales h itself.</summary>
    public bool ResetAfter { get; init; } = true;

    /// <summary>True to process the last step first; sequences come out in processing order.</summary>
    public bool GoBackwards { get; init; } = false;

    /// <summary>The activation of the candidate.</summary>
    public ActivationKind Activation { get; init; } = ActivationKind.Tanh;

    /// <summary>The activation of the gates z and r.</summary>
    public ActivationKind RecurrentActivation { get; init; } = ActivationKind.Sigmoid;

    internal RecurrentShape Frame => new(ResetAfter ? RecurrentKind.ResetAfter : RecurrentKind.ResetBefore, Batch, Steps, Features, Units)
    {
        GoBackwards = GoBackwards, Activation = Activation, RecurrentActivation = RecurrentActivation,
    };
}

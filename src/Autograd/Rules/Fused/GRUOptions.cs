using FlatFuse.Kernels;

namespace FlatFuse.Autograd;

/// <summary>How a GRU runs; Keras's defaults.</summary>
public sealed record GRUOptions
{
    /// <summary>True when the reset gate scales the product of state and recurrent kernel, false when it scales the state itself.</summary>
    public bool ResetAfter { get; init; } = true;

    /// <summary>True to process the last step first; sequences come out in processing order.</summary>
    public bool GoBackwards { get; init; }

    /// <summary>The activation of the candidate.</summary>
    public ActivationKind Activation { get; init; } = ActivationKind.Tanh;

    /// <summary>The activation of the gates.</summary>
    public ActivationKind RecurrentActivation { get; init; } = ActivationKind.Sigmoid;

    /// <summary>True when <see cref="RecurrentResult.Output"/> is every step's h, false when it is the last one.</summary>
    public bool ReturnSequences { get; init; }
}

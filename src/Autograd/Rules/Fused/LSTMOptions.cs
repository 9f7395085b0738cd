using FlatFuse.Kernels;

namespace FlatFuse.Autograd;

/// <summary>How an LSTM runs; Keras's defaults.</summary>
public sealed record LSTMOptions
{
    /// <summary>True to process the last step first; sequences come out in processing order.</summary>
    public bool GoBackwards { get; init; }

    /// <summary>The activation of the candidate and of c on its way to h.</summary>
    public ActivationKind Activation { get; init; } = ActivationKind.Tanh;

    /// <summary>The activation of the gates.</summary>
    public ActivationKind RecurrentActivation { get; init; } = ActivationKind.Sigmoid;

    /// <summary>True when <see cref="LSTMResult.Output"/> is every step's h, false when it is the last one.</summary>
    public bool ReturnSequences { get; init; }
}

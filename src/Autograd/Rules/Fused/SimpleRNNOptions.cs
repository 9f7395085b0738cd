using FlatFuse.Kernels;

namespace FlatFuse.Autograd;

/// <summary>How a simple recurrent layer runs; Keras's defaults.</summary>
public sealed record SimpleRNNOptions
{
    /// <summary>True to process the last step first; sequences come out in processing order.</summary>
    public bool GoBackwards { get; init; }

    /// <summary>The activation.</summary>
    public ActivationKind Activation { get; init; } = ActivationKind.Tanh;

    /// <summary>True when <see cref="RecurrentResult.Output"/> is every step's h, false when it is the last one.</summary>
    public bool ReturnSequences { get; init; }
}

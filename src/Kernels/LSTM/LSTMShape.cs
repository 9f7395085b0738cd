namespace FlatFuse.Kernels;

/// <summary>The sizes and options of one LSTM over a batch of sequences.</summary>
/// <param name="Batch">Sequences, 0 or more.</param>
/// <param name="Steps">Time steps of each, 0 or more.</param>
/// <param name="Features">Inputs a step, 1 or more.</param>
/// <param name="Units">Width of the states h and c, 1 or more.</param>
public readonly record struct LSTMShape(int Batch, int Steps, int Features, int Units)
{
    /// <summary>True to process the last step first; sequences come out in processing order.</summary>
    public bool GoBackwards { get; init; } = false;

    /// <summary>The activation of the candidate and of c on its way to h.</summary>
    public ActivationKind Activation { get; init; } = ActivationKind.Tanh;

    /// <summary>The activation of the gates i, f and o.</summary>
    public ActivationKind RecurrentActivation { get; init; } = ActivationKind.Sigmoid;

    /// <summary>The place in x (and in the mask) of processing step <paramref name="step"/>.</summary>
    internal int Position(int step) => GoBackwards ? Steps - 1 - step : step;

    internal int InputLength => checked(Batch * Steps * Features);

    internal int KernelLength => checked(4 * Features * Units);

    internal int RecurrentKernelLength => checked(4 * Units * Units);

    internal int BiasLength => checked(4 * Units);

    internal int SequenceLength => checked(Batch * Steps * Units);

    internal int StateLength => checked(Batch * Units);

    internal int MaskLength => checked(Batch * Steps);
}

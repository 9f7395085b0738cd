namespace FlatFuse.Kernels;

/// <summary>Sizes and options of a sequence through a cell with one state: what <see cref="GRUShape"/> and <see cref="SimpleRNNShape"/> have in common.</summary>
internal readonly record struct RecurrentShape(RecurrentKind Kind, int Batch, int Steps, int Features, int Units)
{
    public bool GoBackwards { get; init; } = false;

    public ActivationKind Activation { get; init; } = ActivationKind.Tanh;

    public ActivationKind RecurrentActivation { get; init; } = ActivationKind.Sigmoid;

    /// <summary>Units' worths of columns in either kernel: z, r, h of a GRU, or one.</summary>
    public int Gates => Kind == RecurrentKind.Simple ? 1 : 3;

    public int InputLength => checked(Batch * Steps * Features);

    public int KernelLength => checked(Gates * Features * Units);

    public int RecurrentKernelLength => checked(Gates * Units * Units);

    public int BiasLength => checked((Kind == RecurrentKind.ResetAfter ? 2 : 1) * Gates * Units);

    public int SequenceLength => checked(Batch * Steps * Units);

    public int StateLength => checked(Batch * Units);

    public int MaskLength => checked(Batch * Steps);

    /// <summary>The place in x (and in the mask) of processing step <paramref name="step"/>.</summary>
    public int Position(int step) => GoBackwards ? Steps - 1 - step : step;
}

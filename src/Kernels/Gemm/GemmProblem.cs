namespace FlatFuse.Kernels;

/// <summary>
/// A product as the bodies see it: pointers and general strides in elements, no transpose flags. Whoever builds one has checked
/// every length; rows of A and B may overlap.
/// </summary>
internal unsafe struct GemmProblem
{
    public int M, N, K;

    public float* A;
    public nint RowStrideA, ColumnStrideA;

    public float* B;
    public nint RowStrideB, ColumnStrideB;

    public float* C;
    public nint RowStrideC;

    /// <summary>One value a column, or null.</summary>
    public float* Bias;

    public ActivationKind Activation;

    public bool Accumulate;

    /// <summary>As in <see cref="GemmShape"/>.</summary>
    public bool UpdatesB;

    /// <summary>Columns of B and C behind N that chunks compute as dot products (<see cref="GemmColumnsBehind{TSimd, TVector}"/>).</summary>
    public int Behind;

    /// <summary>How a tile ends that holds the first or last part of the sums.</summary>
    public readonly GemmStore Ending(bool first, bool last)
        => (first && !Accumulate ? GemmStore.Plain : GemmStore.Add)
        | (last && Bias != null ? GemmStore.Bias : GemmStore.Plain)
        | (last && Activation == ActivationKind.ReLU ? GemmStore.ReLU : GemmStore.Plain);

    /// <summary>True when the activation is none that a tile applies: it then runs over the finished rows.</summary>
    public readonly bool NeedsActivationPass => Activation is not (ActivationKind.Linear or ActivationKind.ReLU);
}

namespace FlatFuse.Kernels;

/// <summary>The operands of a backward pass over rows; null where there is none.</summary>
internal unsafe struct RowNormalizationMemory
{
    public float* X;
    public float* Gamma;

    /// <summary>Centre, scale and shift of each row.</summary>
    public float* Statistics;

    public float* OutputGradient;
    public float* InputGradient;
    public bool Accumulate;
}

namespace FlatFuse.Kernels;

/// <summary>One step forward of a group of rows.</summary>
internal unsafe struct RecurrentStep
{
    public int Rows;
    public int Units;
    public int PaddedUnits;

    /// <summary>h on its way into the product, one a row; r·h goes behind it.</summary>
    public float* Inputs;
    public nint InputStride;

    /// <summary>The gates, holding x K + b; n is still to be filled.</summary>
    public float* Gates;
    public nint GateStride;

    public float* State;
    public float* NextState;

    /// <summary>Packed R.</summary>
    public float* Weights;

    /// <summary>The bias in the gates' order.</summary>
    public float* Bias;

    /// <summary>This step's mask of the first row, or null.</summary>
    public float* Mask;
    public nint MaskStride;

    public readonly bool IsMasked(int row) => Mask != null && Mask[row * MaskStride] == 0f;
}

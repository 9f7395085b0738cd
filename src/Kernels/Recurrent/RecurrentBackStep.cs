namespace FlatFuse.Kernels;

/// <summary>One step backward of a group of rows.</summary>
internal unsafe struct RecurrentBackStep
{
    public int Rows;
    public int Units;
    public int PaddedUnits;

    public float* Inputs;
    public nint InputStride;
    public float* Gates;
    public nint GateStride;

    /// <summary>The state before the step.</summary>
    public float* State;

    /// <summary>Destination of the gates' gradients, in rows like the gates'.</summary>
    public float* GateGradients;

    /// <summary>The gradient of the state after the step, to become that of the state before it.</summary>
    public float* Dh;

    /// <summary>What the products with Rᵀ are added to: <see cref="Dh"/> itself, or memory of its own where a recurrent mask lies between.</summary>
    public float* DProducts;

    /// <summary>Working memory for the gradient of r·h.</summary>
    public float* DReset;

    /// <summary>Packed Rᵀ.</summary>
    public float* Weights;

    /// <summary>False at the first step when nobody wants the initial state's gradient.</summary>
    public bool WantsState;

    public float* Mask;
    public nint MaskStride;

    public readonly bool IsMasked(int row) => Mask != null && Mask[row * MaskStride] == 0f;
}

namespace FlatFuse.Kernels;

/// <summary>What a cell does in one step with a few rows: the products with the recurrent weights and the arithmetic around them.</summary>
internal interface IRecurrentCell<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>From what x gave to the gates and from the state: the next state, and in the gates what backward wants to find again.</summary>
    void Forward(in RecurrentStep s);

    /// <summary>From the gradient of the next state, in <see cref="RecurrentBackStep.Dh"/>: the gates' gradients, and in its place that of the state.</summary>
    void Backward(in RecurrentBackStep s);
}

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

    /// <summary>The state before the step; the one after it lies <see cref="ToNextState"/> floats on.</summary>
    public float* State;
    public nint ToNextState;

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

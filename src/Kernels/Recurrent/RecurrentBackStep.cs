using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>One step backward of a group of rows.</summary>
internal unsafe struct RecurrentBackStep
{
    public int Rows;
    public int Units;
    public int PaddedUnits;

    /// <summary>h as it entered the products, one a row; r·h goes behind it.</summary>
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

    /// <summary>Vectors of its panels.</summary>
    public int PanelVectors;

    /// <summary>False at the first step when nobody wants the initial state's gradient.</summary>
    public bool WantsState;

    public float* Mask;
    public nint MaskStride;

    /// <summary>Where the step before has its gates, from this one's back, or 0 if nothing is worth asking for.</summary>
    public nint ToGatesBefore;

    /// <summary>Where the step before has its state.</summary>
    public nint ToStateBefore;

    /// <summary>The first row's gradient of the output of the step before, or null, and how far apart the rows' are.</summary>
    public float* DSequenceBefore;
    public nint SequenceStride;

    /// <summary>Asks for what the step before will read of a row's vector, as <see cref="RecurrentStep.AskForNext"/> does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void AskForNext(int row, int unit)
    {
        if (ToGatesBefore == 0)
            return;
        float* gates = Gates + (row * GateStride) - ToGatesBefore;
        for (nint place = unit; place < GateStride; place += PaddedUnits)
            CacheHint.ToL2(gates + place);
        CacheHint.ToL2(State + (row * (nint)PaddedUnits) - ToStateBefore + unit);
        if (DSequenceBefore != null)
            CacheHint.ToL2(DSequenceBefore + (row * SequenceStride) + unit);
    }

    public readonly bool IsMasked(int row) => Mask != null && Mask[row * MaskStride] == 0f;
}

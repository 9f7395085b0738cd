using System.Runtime.CompilerServices;

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

    /// <summary>Vectors of its panels.</summary>
    public int PanelVectors;

    /// <summary>The bias in the gates' order.</summary>
    public float* Bias;

    /// <summary>This step's mask of the first row, or null.</summary>
    public float* Mask;
    public nint MaskStride;

    /// <summary>Where the next step finds its gates, from this one's on, or 0 if nothing is worth asking for.</summary>
    public nint ToNextGates;

    /// <summary>Where the first row's output of the next step goes, or null, and how far apart the rows' outputs are.</summary>
    public float* NextSequence;
    public nint SequenceStride;

    /// <summary>
    /// Asks for one vector's places in the next step's row, which would otherwise wait for memory that it only overwrites. For a vector, while another is
    /// computed: a whole row asked for at once fills the queue of the first-level cache, and what comes after it waits.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void AskForNext(int row, int unit)
    {
        if (ToNextGates == 0)
            return;
        float* gates = Gates + (row * GateStride) + ToNextGates;
        for (nint place = unit; place < GateStride; place += PaddedUnits)
            CacheHint.ToL2(gates + place);
        CacheHint.ToL2(NextState + (row * (nint)PaddedUnits) + (nint)(NextState - State) + unit);
        if (NextSequence != null)
            CacheHint.ToL2(NextSequence + (row * SequenceStride) + unit);
    }

    public readonly bool IsMasked(int row) => Mask != null && Mask[row * MaskStride] == 0f;
}

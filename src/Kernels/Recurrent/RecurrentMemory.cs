namespace FlatFuse.Kernels;

/// <summary>The parts of the memory that forward fills and backward reads and works in.</summary>
internal readonly unsafe struct RecurrentMemory
{
    /// <summary>Lays the parts out from <paramref name="start"/> on.</summary>
    public RecurrentMemory(in RecurrentShape s, in RecurrentLayout layout, float* start)
    {
        nint offset = 0;
        Inputs = Take(start, ref offset, checked((s.Steps + 1) * layout.InputStep));
        Gates = Take(start, ref offset, checked(s.Steps * layout.GateStep));
        States = Take(start, ref offset, checked((s.Steps + 1) * layout.StateStep));
        KeptLength = checked((int)offset);
        Transposed = Take(start, ref offset, layout.TransposedLength);
        GateGradients = Take(start, ref offset, checked(layout.TimeBlock * layout.GateStep));
        KernelGradients = Take(start, ref offset, layout.KernelLength);
        RecurrentGradients = Take(start, ref offset, layout.RecurrentLength);
        BiasSums = Take(start, ref offset, checked(layout.Chunks * layout.GateLength));
        Dh = Take(start, ref offset, layout.StateStep);
        DMasked = Take(start, ref offset, layout.StateStep);
        DReset = Take(start, ref offset, layout.StateStep);
        Length = checked((int)offset);
    }

    /// <summary>Kept: [x | h | r·h] of every step and one more.</summary>
    public float* Inputs { get; }

    /// <summary>Kept: the gates of every step.</summary>
    public float* Gates { get; }

    /// <summary>Kept: the state before the first and after every step.</summary>
    public float* States { get; }

    /// <summary>Backward: packed Kᵀ and Rᵀ.</summary>
    public float* Transposed { get; }

    /// <summary>Backward: gradients of the gates' pre-activations, of one block of steps.</summary>
    public float* GateGradients { get; }

    /// <summary>Backward: the gradient of K, gates in the order a, z, r.</summary>
    public float* KernelGradients { get; }

    /// <summary>Backward: the gradient of R.</summary>
    public float* RecurrentGradients { get; }

    /// <summary>Backward: the gates' column sums of each chunk.</summary>
    public float* BiasSums { get; }

    /// <summary>Backward: the gradient of the state.</summary>
    public float* Dh { get; }

    /// <summary>Backward: the gradient of the state behind the recurrent mask.</summary>
    public float* DMasked { get; }

    /// <summary>Backward: the gradient of r·h.</summary>
    public float* DReset { get; }

    /// <summary>Floats of what is kept from forward to backward, which comes first.</summary>
    public int KeptLength { get; }

    /// <summary>Floats in all.</summary>
    public int Length { get; }

    private static float* Take(float* start, ref nint offset, int floats)
    {
        float* part = start + offset;
        offset += AlignedBuffer.RoundUp(floats);
        return part;
    }
}

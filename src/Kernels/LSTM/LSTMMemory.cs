namespace FlatFuse.Kernels;

/// <summary>The parts of the memory that forward fills and backward reads and works in.</summary>
internal readonly unsafe struct LSTMMemory
{
    /// <summary>Lays the parts out from <paramref name="start"/> on.</summary>
    public LSTMMemory(in LSTMShape s, in LSTMLayout layout, float* start)
    {
        nint offset = 0;
        Inputs = Take(start, ref offset, checked((s.Steps + 1) * layout.InputStep));
        Gates = Take(start, ref offset, checked(s.Steps * layout.GateStep));
        States = Take(start, ref offset, checked((s.Steps + 1) * layout.StateStep));
        KeptLength = checked((int)offset);
        Transposed = Take(start, ref offset, layout.TransposedLength);
        GateGradients = Take(start, ref offset, checked(layout.TimeBlock * layout.GateStep));
        WeightGradients = Take(start, ref offset, checked(layout.WeightSums * layout.Depth * layout.GateStride));
        BiasSums = Take(start, ref offset, checked(layout.Chunks * layout.GateStride));
        Dh = Take(start, ref offset, layout.StateStep);
        Dc = Take(start, ref offset, layout.StateStep);
        Length = checked((int)offset);
    }

    /// <summary>Kept: [x | h] of every step and one more.</summary>
    public float* Inputs { get; }

    /// <summary>Kept: the gates of every step.</summary>
    public float* Gates { get; }

    /// <summary>Kept: c before the first and after every step.</summary>
    public float* States { get; }

    /// <summary>Backward: packed Kᵀ and Rᵀ.</summary>
    public float* Transposed { get; }

    /// <summary>Backward: gradients of the pre-activations of one block of steps.</summary>
    public float* GateGradients { get; }

    /// <summary>Backward: gradients of [K; R] in blocked order, one such block of memory for each of the layout's sums.</summary>
    public float* WeightGradients { get; }

    /// <summary>Backward: the bias gradient of each chunk, in blocked order.</summary>
    public float* BiasSums { get; }

    /// <summary>Backward: the gradient of h.</summary>
    public float* Dh { get; }

    /// <summary>Backward: the gradient of c.</summary>
    public float* Dc { get; }

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

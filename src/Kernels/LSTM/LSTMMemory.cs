namespace FlatFuse.Kernels;

/// <summary>The parts of the memory that forward fills for backward, and of that in which backward works.</summary>
internal readonly unsafe struct LSTMMemory
{
    /// <summary>Lays the parts out from <paramref name="kept"/> and <paramref name="work"/> on.</summary>
    public LSTMMemory(in LSTMShape s, in LSTMLayout layout, float* kept, float* work)
    {
        nint offset = 0;
        Gates = Take(kept, ref offset, checked(s.Steps * layout.GateStep));
        States = Take(kept, ref offset, checked((s.Steps + 1) * layout.StateStep));
        Outputs = Take(kept, ref offset, checked((s.Steps + 1) * layout.StateStep));
        KeptLength = checked((int)offset);
        offset = 0;
        Transposed = Take(work, ref offset, layout.TransposedLength);
        Inputs = Take(work, ref offset, checked(layout.Chunks.TimeBlock * layout.InputStep));
        GateGradients = Take(work, ref offset, checked(layout.Chunks.TimeBlock * layout.GateStep));
        WeightGradients = Take(work, ref offset, checked(layout.Chunks.Sums * layout.Depth * layout.GateStride));
        BiasSums = Take(work, ref offset, checked(layout.Chunks.Count * layout.GateStride));
        WeightTiles = Take(work, ref offset, checked(layout.Chunks.Sums * layout.WeightTilesLength));
        Dh = Take(work, ref offset, layout.StateStep);
        Dc = Take(work, ref offset, layout.StateStep);
        WorkLength = checked((int)offset);
    }

    /// <summary>Kept: the gates of every step.</summary>
    public float* Gates { get; }

    /// <summary>Kept: c before the first and after every step.</summary>
    public float* States { get; }

    /// <summary>Kept: h before the first and after every step.</summary>
    public float* Outputs { get; }

    /// <summary>Packed Kᵀ and Rᵀ.</summary>
    public float* Transposed { get; }

    /// <summary>[x | h] of one block of steps.</summary>
    public float* Inputs { get; }

    /// <summary>Gradients of the pre-activations of one block of steps.</summary>
    public float* GateGradients { get; }

    /// <summary>Gradients of [K; R] in blocked order, one such block of memory for each of the layout's sums.</summary>
    public float* WeightGradients { get; }

    /// <summary>The bias gradient of each chunk, in blocked order.</summary>
    public float* BiasSums { get; }

    /// <summary>What one thread lays out anew for its product of the weight gradients, once for each sum.</summary>
    public float* WeightTiles { get; }

    /// <summary>The gradient of h.</summary>
    public float* Dh { get; }

    /// <summary>The gradient of c.</summary>
    public float* Dc { get; }

    /// <summary>Floats of what is kept from forward to backward.</summary>
    public int KeptLength { get; }

    /// <summary>Floats in which backward works.</summary>
    public int WorkLength { get; }

    private static float* Take(float* start, ref nint offset, int floats)
    {
        float* part = start + offset;
        offset += AlignedBuffer.RoundUp(floats);
        return part;
    }
}

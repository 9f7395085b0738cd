namespace FlatFuse.Kernels;

/// <summary>The parts of the memory that forward fills for backward, and of that in which backward works.</summary>
internal readonly unsafe struct RecurrentMemory
{
    /// <summary>Lays the parts out from <paramref name="kept"/> and <paramref name="work"/> on.</summary>
    public RecurrentMemory(in RecurrentShape s, in RecurrentLayout layout, float* kept, float* work)
    {
        nint offset = 0;
        Gates = Take(kept, ref offset, checked(s.Steps * layout.GateStep));
        States = Take(kept, ref offset, checked((s.Steps + 1) * layout.StateStep));
        KeptLength = checked((int)offset);
        offset = 0;
        Transposed = Take(work, ref offset, layout.TransposedLength);
        Inputs = Take(work, ref offset, checked(layout.Chunks.TimeBlock * layout.InputStep));
        GateGradients = Take(work, ref offset, checked(layout.Chunks.TimeBlock * layout.GateStep));
        KernelGradients = Take(work, ref offset, checked(layout.Chunks.Sums * layout.KernelLength));
        RecurrentGradients = Take(work, ref offset, checked(layout.Chunks.Sums * layout.RecurrentLength));
        BiasSums = Take(work, ref offset, checked(layout.Chunks.Count * layout.GateLength));
        WeightTiles = Take(work, ref offset, checked(layout.Chunks.Sums * layout.WeightTilesLength));
        Dh = Take(work, ref offset, layout.StateStep);
        DMasked = Take(work, ref offset, layout.StateStep);
        DReset = Take(work, ref offset, layout.StateStep);
        WorkLength = checked((int)offset);
    }

    /// <summary>Kept: the gates of every step.</summary>
    public float* Gates { get; }

    /// <summary>Kept: the state before the first and after every step.</summary>
    public float* States { get; }

    /// <summary>Packed Kᵀ and Rᵀ.</summary>
    public float* Transposed { get; }

    /// <summary>[x | h | r·h], of one block of steps.</summary>
    public float* Inputs { get; }

    /// <summary>Gradients of the gates' pre-activations, of one block of steps.</summary>
    public float* GateGradients { get; }

    /// <summary>The gradient of K, gates in the order a, z, r, once for each sum.</summary>
    public float* KernelGradients { get; }

    /// <summary>The gradient of R, once for each sum.</summary>
    public float* RecurrentGradients { get; }

    /// <summary>The gates' column sums of each chunk.</summary>
    public float* BiasSums { get; }

    /// <summary>What one thread lays out anew for its products of the weight gradients, once for each sum.</summary>
    public float* WeightTiles { get; }

    /// <summary>The gradient of the state.</summary>
    public float* Dh { get; }

    /// <summary>The gradient of the state behind the recurrent mask.</summary>
    public float* DMasked { get; }

    /// <summary>The gradient of r·h.</summary>
    public float* DReset { get; }

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

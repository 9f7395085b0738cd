namespace FlatFuse.Kernels;

/// <summary>The operands of one pass over channels; null where the pass has no such one.</summary>
internal unsafe struct ChannelMemory
{
    public float* X;
    public float* OutputGradient;

    /// <summary>One an element, or null where all are 1.</summary>
    public float* Weights;

    public float* Y;

    /// <summary>Numbers of each channel; what they mean is said at the pass.</summary>
    public float* First;

    public float* Second;
    public float* Third;
    public float* Fourth;

    /// <summary>True to add to <see cref="Y"/>.</summary>
    public bool Accumulate;
}

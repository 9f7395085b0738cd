namespace FlatFuse.Kernels;

/// <summary>The memory that one optimizer pass walks over: equal lengths, null where a rule has no such state.</summary>
internal unsafe struct OptimizerMemory
{
    public float* Weights;
    public float* Gradients;
    public float* First;
    public float* Second;
    public float* Third;
    public nint Length;

    /// <summary>The same memory from <paramref name="start"/> on.</summary>
    public readonly OptimizerMemory From(nint start, nint length) => new()
    {
        Weights = Weights + start,
        Gradients = Gradients + start,
        First = First == null ? null : First + start,
        Second = Second == null ? null : Second + start,
        Third = Third == null ? null : Third + start,
        Length = length,
    };
}

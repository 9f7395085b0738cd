namespace FlatFuse.Kernels;

/// <summary>The memory that one optimizer pass walks over: equal lengths, null where a rule has no such state.</summary>
internal readonly unsafe struct OptimizerMemory(float* weights, float* gradients, nint length, float* first = null, float* second = null, float* third = null)
{
    public readonly float* Weights = weights;
    public readonly float* Gradients = gradients;
    public readonly float* First = first;
    public readonly float* Second = second;
    public readonly float* Third = third;
    public readonly nint Length = length;

    /// <summary>The same memory from <paramref name="start"/> on.</summary>
    public OptimizerMemory From(nint start, nint length) => new(
        Weights + start, Gradients + start, length, First == null ? null : First + start, Second == null ? null : Second + start, Third == null ? null : Third + start);
}

using FlatFuse.Kernels;

namespace FlatFuse.Training;

/// <summary>The moments of one segment.</summary>
public readonly ref struct OptimizerSlots
{
    private readonly ReadOnlySpan<AlignedBuffer> _buffers;
    private readonly int _length;

    internal OptimizerSlots(ReadOnlySpan<AlignedBuffer> buffers, int length)
    {
        _buffers = buffers;
        _length = length;
    }

    /// <summary>One slot, as long as the segment.</summary>
    /// <param name="slot">0 … <see cref="Optimizer.SlotCount"/> − 1.</param>
    public Span<float> this[int slot] => _buffers[slot].Span[.._length];
}

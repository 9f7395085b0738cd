namespace FlatFuse.Kernels;

/// <summary>One thread's working memory for packing and partial results: grows to the largest request and is kept.</summary>
internal sealed unsafe class Scratch
{
    private AlignedBuffer _buffer = new(0);

    /// <summary>At least <paramref name="floats"/> aligned floats of undefined content, valid until the next request.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative: its computation overflowed.</exception>
    public float* Rent(int floats)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(floats);
        if (floats > _buffer.Length)
            _buffer = new AlignedBuffer(floats);
        return _buffer.Pointer;
    }
}

namespace FlatFuse.Kernels;

/// <summary>One thread's working memory for packing and partial results: grows to the largest request and is kept.</summary>
internal sealed unsafe class Scratch
{
    private AlignedBuffer _buffer = new(0);
    private long _kept;

    /// <summary>At least <paramref name="floats"/> aligned floats of undefined content, valid until the next request.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative: its computation overflowed.</exception>
    public float* Rent(int floats)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(floats);
        _kept = 0;
        if (floats > _buffer.Length)
            _buffer = new AlignedBuffer(floats);
        return _buffer.Pointer;
    }

    /// <summary>Names what the rented memory holds, for the next chunk of the same job on this thread.</summary>
    /// <param name="key">From <see cref="Workers.NextKey"/>.</param>
    public void Keep(long key) => _kept = key;

    /// <summary>The rented memory when it still holds what was kept under <paramref name="key"/>, else null.</summary>
    public float* Kept(long key) => _kept == key ? _buffer.Pointer : null;
}

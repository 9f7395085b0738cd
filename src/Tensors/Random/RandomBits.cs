using System.Runtime.CompilerServices;

namespace FlatFuse.Tensors;

/// <summary>The words of a stream, one after another: a function of the key and a counter that starts at 0, drawn a block at a time.</summary>
internal ref struct RandomBits
{
    private const int BlockWords = 64;

    private readonly RandomKey _key;
    private Block _block;
    private ulong _counter;
    private int _next;

    public RandomBits(RandomKey key)
    {
        _key = key;
        _next = BlockWords;
    }

    /// <summary>32 random bits.</summary>
    public uint Next()
    {
        if (_next == BlockWords)
            Refill();
        return _block[_next++];
    }

    /// <summary>A number strictly between 0 and 1, on a grid of 2⁻³².</summary>
    public double NextOpenUnit() => (Next() + 0.5) * (1.0 / (1UL << 32));

    /// <summary>A whole number in 0 … <paramref name="bound"/> − 1, each equally likely.</summary>
    /// <remarks>Lemire, Fast random integer generation in an interval, ACM TOMACS 2019: the few low products that would favour some results are drawn again.</remarks>
    /// <param name="bound">1 or more.</param>
    public uint NextBelow(uint bound)
    {
        ulong product = (ulong)Next() * bound;
        if ((uint)product < bound)
        {
            uint unfair = (0u - bound) % bound;
            while ((uint)product < unfair)
                product = (ulong)Next() * bound;
        }
        return (uint)(product >> 32);
    }

    private void Refill()
    {
        for (int i = 0; i < BlockWords; i++)
            _block[i] = (uint)(_key.Derive(_counter + (ulong)i).Value >> 32);
        _counter += BlockWords;
        _next = 0;
    }

    [InlineArray(BlockWords)]
    private struct Block
    {
        private uint _first;
    }
}

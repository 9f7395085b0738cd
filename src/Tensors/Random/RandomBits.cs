using System.Runtime.CompilerServices;
using FlatFuse.Kernels;

namespace FlatFuse.Tensors;

/// <summary>The words of a stream, one after another: Philox blocks of the key, counted from 0.</summary>
internal ref struct RandomBits
{
    private const int BlockWords = 64;
    private const int PhiloxWords = 4;

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
        Philox.Fill(_key.Value, _counter, _block);
        _counter += BlockWords / PhiloxWords;
        _next = 0;
    }

    [InlineArray(BlockWords)]
    private struct Block
    {
        private uint _first;
    }
}

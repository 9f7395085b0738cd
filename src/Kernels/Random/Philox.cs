using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>
/// Philox4x32-10: 128 random bits as a function of a 64-bit key and a 128-bit counter. Nothing is advanced and nothing is global, so every
/// number can be drawn by any thread and on any instruction set with the same bits.
/// </summary>
/// <remarks>Source: Salmon, Moraes, Dror, Shaw, Parallel random numbers: as easy as 1, 2, 3, SC 2011.</remarks>
public static unsafe class Philox
{
    internal const uint FirstMultiplier = 0xD2511F53;
    internal const uint SecondMultiplier = 0xCD9E8D57;
    internal const uint FirstKeyStep = 0x9E3779B9;
    internal const uint SecondKeyStep = 0xBB67AE85;
    internal const int Rounds = 10;

    // The third counter word tells the streams of one key apart.
    internal const uint PlainStream = 0;
    internal const uint NoiseStream = 0x4E4F4953;
    private const uint NormalStream = 0x4E4F524D;
    private const uint ShuffleStream = 0x53485546;

    /// <summary>
    /// The bits of the blocks <paramref name="counter"/>, counter + 1, …, four words each, in the order of the paper; the upper half of the
    /// 128-bit counter is 0.
    /// </summary>
    /// <param name="key">The stream: low word first.</param>
    /// <param name="counter">The first block.</param>
    /// <param name="bits">The words to fill; the last block may be cut short.</param>
    public static void Fill(ulong key, ulong counter, Span<uint> bits)
    {
        for (int i = 0; i < bits.Length; i += 4)
        {
            Block block = Compute(key, counter++, PlainStream, 0);
            ReadOnlySpan<uint> words = block;
            words[..Math.Min(4, bits.Length - i)].CopyTo(bits[i..]);
        }
    }

    /// <summary>The four words of one block for a whole 128-bit counter.</summary>
    /// <param name="key">The stream: low word first.</param>
    /// <param name="counterLow">Counter words 0 and 1.</param>
    /// <param name="counterHigh">Counter words 2 and 3.</param>
    /// <param name="words">Four words.</param>
    public static void Fill(ulong key, ulong counterLow, ulong counterHigh, Span<uint> words)
    {
        Check.Length("Philox.Fill", "words", words.Length, 4);
        Block block = Compute(key, counterLow, (uint)counterHigh, (uint)(counterHigh >> 32));
        ((ReadOnlySpan<uint>)block).CopyTo(words);
    }

    /// <summary>Numbers spread evenly over [0, 1), whole multiples of 2⁻²⁴.</summary>
    /// <remarks>
    /// Number 64 g + 16 w + l is word w of block 16 g + l: sixteen blocks side by side fill the lanes of every width, which is faster than
    /// the order of <see cref="Fill(ulong, ulong, Span{uint})"/> and the same on all of them.
    /// </remarks>
    /// <param name="key">The stream.</param>
    /// <param name="y">The numbers to fill.</param>
    public static void Uniform(ulong key, Span<float> y)
    {
        fixed (float* py = y)
            KernelSets.Default.PhiloxUniform(key, 0, py, y.Length);
    }

    /// <summary>Normally distributed numbers with mean 0 and standard deviation 1 (Box and Muller 1958, in double).</summary>
    /// <param name="key">The stream.</param>
    /// <param name="y">The numbers to fill; number i is a function of the key and i.</param>
    public static void Normal(ulong key, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
            y[i] = (float)NormalAt(key, (uint)i, 0);
    }

    /// <summary>Normally distributed numbers, drawn again while they lie more than two standard deviations from 0.</summary>
    /// <param name="key">The stream.</param>
    /// <param name="y">The numbers to fill; number i is a function of the key and i.</param>
    public static void TruncatedNormal(ulong key, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            double value = NormalAt(key, (uint)i, 0);
            for (uint attempt = 1; Math.Abs(value) > 2; attempt++)
                value = NormalAt(key, (uint)i, attempt);
            y[i] = (float)value;
        }
    }

    /// <summary>Puts <paramref name="items"/> into a random order, every order equally likely (Fisher and Yates).</summary>
    /// <param name="key">The stream.</param>
    /// <param name="items">The items to permute in place.</param>
    public static void Shuffle(ulong key, Span<int> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            Block block = Compute(key, (uint)i, ShuffleStream, 0);
            // The high half of a 64-by-64-bit product: a bias below 2⁻³² per choice, and no division.
            ulong bits = ((ulong)block[0] << 32) | block[1];
            int other = (int)Math.BigMul(bits, (ulong)(i + 1), out _);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    private static double NormalAt(ulong key, uint index, uint attempt)
    {
        Block block = Compute(key, index, NormalStream, attempt);
        // 53 bits each; the first lies in (0, 1], because its logarithm is taken.
        double u = (((((ulong)block[0] << 32) | block[1]) >> 11) + 1) * (1.0 / (1UL << 53));
        double v = ((((ulong)block[2] << 32) | block[3]) >> 11) * (1.0 / (1UL << 53));
        return Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * v);
    }

    private static Block Compute(ulong key, ulong counterLow, uint c2, uint c3)
    {
        uint k0 = (uint)key;
        uint k1 = (uint)(key >> 32);
        uint c0 = (uint)counterLow;
        uint c1 = (uint)(counterLow >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong first = (ulong)FirstMultiplier * c0;
            ulong second = (ulong)SecondMultiplier * c2;
            c0 = (uint)(second >> 32) ^ c1 ^ k0;
            c1 = (uint)second;
            c2 = (uint)(first >> 32) ^ c3 ^ k1;
            c3 = (uint)first;
            k0 += FirstKeyStep;
            k1 += SecondKeyStep;
        }
        Block block = default;
        block[0] = c0;
        block[1] = c1;
        block[2] = c2;
        block[3] = c3;
        return block;
    }

    [InlineArray(4)]
    private struct Block
    {
        private uint _first;
    }
}

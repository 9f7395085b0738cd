using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class PhiloxTests
{
    // Known answers of Random123 (kat_vectors, philox4x32 10): counter words, key words, result words.
    [Fact]
    public void The_bits_are_those_of_the_published_known_answers()
    {
        uint[] words = new uint[4];
        Philox.Fill(0, 0UL, 0UL, words);
        Assert.Equal([0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u], words);
        Philox.Fill(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, words);
        Assert.Equal([0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu], words);
        Philox.Fill(0x299f31d0_a4093822UL, 0x85a308d3_243f6a88UL, 0x03707344_13198a2eUL, words);
        Assert.Equal([0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u], words);
    }

    [Fact]
    public void Fill_counts_blocks_up_and_may_end_inside_one()
    {
        uint[] all = new uint[12];
        Philox.Fill(7, 100, all);
        uint[] part = new uint[6];
        Philox.Fill(7, 101, part);
        Assert.Equal(all[4..10], part);
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public unsafe void Every_kernel_set_draws_the_numbers_of_the_documented_order(string set)
    {
        const ulong Key = 0x0123456789ABCDEFUL;
        foreach (int length in new[] { 0, 1, 15, 16, 17, 63, 64, 65, 200 })
        {
            using GuardedMemory y = GuardedMemory.BeforeGuard(length);
            KernelSetData.Named(set).PhiloxUniform(Key, 0, y.Pointer, length);
            uint[] words = new uint[4];
            for (int i = 0; i < length; i++)
            {
                int word = i % 64 / 16;
                Philox.Fill(Key, (ulong)((i / 64 * 16) + (i % 16)), words);
                Assert.Equal((words[word] >> 8) / 16_777_216f, y.Span[i]);
            }
        }
    }

    [Fact]
    public void Uniform_numbers_have_the_moments_of_their_distribution()
    {
        float[] y = new float[200_000];
        Philox.Uniform(42, y);
        int[] cells = new int[20];
        foreach (float value in y)
            cells[(int)(value * 20)]++;
        Assert.All(y, value => Assert.InRange(value, 0f, 0.99999994f));
        // Standard errors: mean 6.5e-4, cell counts 97; five of each.
        Assert.Equal(0.5, y.Average(v => (double)v), 3.3e-3);
        Assert.All(cells, count => Assert.InRange(count, 9_500, 10_500));
        double correlation = 0;
        for (int i = 1; i < y.Length; i++)
            correlation += (y[i] - 0.5) * (y[i - 1] - 0.5) * 12;
        Assert.Equal(0, correlation / y.Length, 5 / Math.Sqrt(y.Length));
    }

    [Fact]
    public void Normal_numbers_have_their_moments_and_truncated_ones_stay_within_two()
    {
        float[] y = new float[100_000];
        Philox.Normal(1, y);
        // Standard errors: mean 3.2e-3, variance 4.5e-3; five of each.
        Assert.Equal(0, y.Average(v => (double)v), 0.016);
        Assert.Equal(1, y.Average(v => (double)v * v), 0.023);
        Philox.TruncatedNormal(1, y);
        Assert.All(y, value => Assert.InRange(value, -2f, 2f));
        // The standard deviation that Keras divides by.
        Assert.Equal(0.8796256610342398, Math.Sqrt(y.Average(v => (double)v * v)), 0.01);
    }

    [Fact]
    public void Shuffle_permutes_and_depends_on_the_key()
    {
        int[] first = Enumerable.Range(0, 100).ToArray();
        int[] second = Enumerable.Range(0, 100).ToArray();
        Philox.Shuffle(1, first);
        Philox.Shuffle(2, second);
        Assert.NotEqual(first, second);
        Assert.Equal(Enumerable.Range(0, 100), first.Order());
        int[] counts = new int[6];
        for (ulong key = 0; key < 6000; key++)
        {
            int[] three = [0, 1, 2];
            Philox.Shuffle(key, three);
            counts[(three[0] * 2) + (three[1] > three[2] ? 1 : 0)]++;
        }
        // 1000 expected, standard error 29.
        Assert.All(counts, count => Assert.InRange(count, 850, 1150));
    }
}

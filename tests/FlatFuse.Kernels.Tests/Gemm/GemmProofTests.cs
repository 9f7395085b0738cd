using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

/// <summary>Every size from 0 to 67 and the borders of the driver's blocks, against the naive loops, with operands that end at inaccessible pages.</summary>
public sealed class GemmProofTests
{
    // Beyond the tallest tile (14), the widest panel (64 columns) and four vectors of 16 by a few.
    private const int Most = 67;

    public static IEnumerable<object[]> Accelerated => KernelSetData.Accelerated;

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Every_height_width_and_depth_from_0_to_67_agrees_in_all_transpositions(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        using var test = new GemmCase();
        for (int size = 0; size <= Most; size++)
        {
            for (int variant = 0; variant < 4; variant++)
            {
                foreach ((int m, int n, int k) in ((int, int, int)[])[(size, 33, 9), (size, 5, 34), (29, size, 10), (3, size, 33), (13, 50, size), (40, 7, size)])
                    test.Check(w, Shape(m, n, k, variant, gap: size % 3), bias: (size & 1) != 0, accumulate: (size & 2) != 0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Every_pair_of_height_and_width_from_0_to_67_agrees(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        using var test = new GemmCase();
        for (int m = 0; m <= Most; m++)
        {
            for (int n = 0; n <= Most; n++)
                test.Check(w, Shape(m, n, 5, variant: m + n, gap: 0), bias: (n & 1) != 0, accumulate: (m & 1) != 0, (n & 4) != 0 ? ActivationKind.ReLU : ActivationKind.Linear);
        }
    }

    /// <summary>Blocks of K are 128 (streamed), 256 (packed) and 800 (in place) long; two and a half of them and one more or less.</summary>
    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Primes_around_the_blocks_of_K_agree_on_every_path(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        using var test = new GemmCase();
        foreach (int k in (int[])[127, 128, 131, 191, 193, 255, 256, 257, 383, 389, 799, 800, 809, 1199, 1201, 1613])
        {
            for (int variant = 0; variant < 4; variant++)
            {
                test.Check(w, Shape(17, 49, k, variant, gap: 0), bias: true, accumulate: variant == 2);
                test.Check(w, Shape(29, 35, k, variant, gap: 3), accumulate: variant == 1);
            }
        }
        foreach (int k in (int[])[255, 256, 257, 331, 523])
        {
            for (int variant = 0; variant < 4; variant++)
            {
                test.Check(w, Shape(53, 209, k, variant, gap: 0), bias: true, activation: ActivationKind.ReLU);
                test.Check(w, Shape(130, 65, k, variant, gap: 1), accumulate: true);
                test.Check(w, Shape(163, 113, k, variant, gap: 0), bias: true, accumulate: variant == 3);
            }
        }
    }

    /// <summary>Row distances of whole pages, which L1 can't hold side by side, and one element less or more.</summary>
    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Distances_between_rows_around_a_power_of_two_agree(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        using var test = new GemmCase();
        foreach (int distance in (int[])[1023, 1024, 1025])
        {
            for (int variant = 0; variant < 4; variant++)
            {
                var s = new GemmShape(41, 257, 97) { TransposeA = (variant & 1) != 0, TransposeB = (variant & 2) != 0, Lda = distance, Ldb = distance, Ldc = distance };
                test.Check(w, s, bias: true, accumulate: variant == 0);
            }
        }
    }

    private static GemmShape Shape(int m, int n, int k, int variant, int gap)
    {
        bool ta = (variant & 1) != 0, tb = (variant & 2) != 0;
        return new GemmShape(m, n, k)
        {
            TransposeA = ta,
            TransposeB = tb,
            Lda = gap == 0 ? 0 : (ta ? m : k) + gap,
            Ldb = gap == 0 ? 0 : (tb ? k : n) + gap,
            Ldc = gap == 0 ? 0 : n + gap,
        };
    }
}

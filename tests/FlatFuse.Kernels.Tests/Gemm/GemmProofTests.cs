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

    /// <summary>
    /// Chunks are whole tiles from 16 row tiles on (of 9 rows with 32 registers, of 4 with 16: 64 and 144 rows), pack their own panels from 160 to 640 rows, 288 a pair of
    /// chunks, while B has at most 2¹⁷ elements, and all of it is packed beyond.
    /// </summary>
    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Rows_around_the_borders_of_chunks_agree(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        using var test = new GemmCase();
        int variant = 0;
        foreach (int m in (int[])[59, 60, 61, 64, 65, 67, 71, 127, 135, 136, 137, 143, 144, 145, 149, 151, 157, 159, 160, 161, 167, 287, 288, 289, 293, 575, 577, 639, 640, 641])
        {
            for (int i = 0; i < 3; i++, variant++)
                test.Check(w, Shape(m, 97 + (variant % 5), 67, variant, gap: variant % 2), bias: variant % 3 == 0, accumulate: variant % 4 == 0);
        }
        foreach (int k in (int[])[1021, 1023, 1024, 1025])
            test.Check(w, Shape(163, 128, k, variant: 0, gap: 0), bias: true);
    }

    /// <summary>
    /// Where rows of A are turned tile by tile (32 registers, 8 panels of 2 vectors, and more than 640 rows, a transposed B or more than 2¹⁷ elements of it): every height of the
    /// last tile, sums around the squares of 4 terms, rows at a distance of a power of two, and blocks of K and N.
    /// </summary>
    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Rows_that_are_turned_before_the_tiles_agree(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        using var test = new GemmCase();
        for (int i = 0; i < 30; i++)
        {
            test.Check(w, Shape(641 + i, 256 + (i % 3), 1 + (i % 11), variant: i % 2, gap: i % 5), bias: i % 3 == 0, accumulate: i % 4 == 0);
            test.Check(w, Shape(160 + i, 256 + (i % 17), 3 + i, variant: 2, gap: i % 2), accumulate: i % 3 == 1);
        }
        test.Check(w, new GemmShape(167, 300, 523) { Lda = 1024 }, bias: true, activation: ActivationKind.ReLU);
        test.Check(w, new GemmShape(167, 1100, 257) { Ldc = 1104 }, accumulate: true, activation: ActivationKind.Tanh);
        test.Check(w, new GemmShape(195, 290, 601) { TransposeA = true }, bias: true);
    }

    /// <summary>Tiles take two terms a round from 245,760 multiply-adds on, where threads begin to share a product: sums of none, one and many pairs, odd ones, at either side.</summary>
    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Few_terms_an_odd_one_and_the_least_work_for_two_a_round_agree(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        using var test = new GemmCase();
        for (int variant = 0; variant < 4; variant++)
        {
            foreach (int k in (int[])[1, 2, 3, 4, 5, 6, 7])
            {
                test.Check(w, Shape(131, 1877 / k, k, variant, gap: k % 2), accumulate: variant == 1);
                test.Check(w, Shape(5, 49_153 / k, k, variant, gap: 0), bias: variant == 2);
            }
            foreach (int size in (int[])[61, 62, 63, 71, 79])
                test.Check(w, Shape(size, size, size, variant, gap: 0), bias: variant == 3);
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

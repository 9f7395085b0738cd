using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class GemmTests
{
    /// <summary>Around the tile heights (4, 6, 9, 14), vector widths, panels, the packing thresholds (28, 160), the streamed path and primes.</summary>
    public static readonly (int M, int N, int K)[] EdgeShapes =
    [
        (13, 15, 17), (14, 16, 16), (15, 31, 33), (28, 32, 64), (29, 33, 65), (63, 64, 65), (64, 65, 63), (65, 63, 64), (127, 127, 127),
        (7, 129, 31), (6, 64, 5), (5, 191, 9), (3, 47, 130), (1, 257, 40), (2, 1, 300), (97, 1, 257), (31, 2, 100), (17, 19, 23),
        (159, 33, 31), (160, 34, 37), (163, 67, 41), (169, 31, 7), (1, 1, 1031), (1, 1031, 1), (331, 1, 1), (32, 100, 10),
        (50, 200, 300), (129, 96, 130), (31, 65, 33),
    ];

    public static IEnumerable<object[]> Accelerated => KernelSetData.Accelerated;

    public static IEnumerable<object[]> All => KernelSetData.All;

    [Theory]
    [MemberData(nameof(All))]
    public void Every_small_shape_agrees_with_the_naive_loops(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        using var test = new GemmCase();
        int most = w.Kernels.IsAccelerated ? 20 : 5;
        for (int m = 0; m <= most; m++)
        {
            for (int n = 0; n <= most; n++)
            {
                for (int k = 0; k <= most; k++)
                {
                    int variant = (m * 7) + (n * 3) + k;
                    test.Check(w, new GemmShape(m, n, k) { TransposeA = (variant & 1) != 0, TransposeB = (variant & 2) != 0 },
                        bias: (variant & 4) != 0, accumulate: (variant & 8) != 0, (variant & 16) != 0 ? ActivationKind.ReLU : ActivationKind.Linear);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Edge_shapes_agree_in_all_transpositions_with_gaps_between_rows(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        using var test = new GemmCase();
        foreach ((int m, int n, int k) in EdgeShapes)
        {
            for (int variant = 0; variant < 8; variant++)
            {
                bool ta = (variant & 1) != 0, tb = (variant & 2) != 0, gaps = (variant & 4) != 0;
                var s = new GemmShape(m, n, k)
                {
                    TransposeA = ta,
                    TransposeB = tb,
                    Lda = gaps ? (ta ? m : k) + 3 : 0,
                    Ldb = gaps ? (tb ? k : n) + 5 : 0,
                    Ldc = gaps ? n + 7 : 0,
                };
                test.Check(w, s, bias: !gaps, accumulate: tb, ta ? ActivationKind.ReLU : ActivationKind.Linear);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Block_borders_agree(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        using var test = new GemmCase();
        foreach (int k in (int[])[255, 256, 257, 383, 384, 385, 600, 1031])
        {
            test.Check(w, new GemmShape(29, 37, k), bias: true, accumulate: true, ActivationKind.ReLU);
            test.Check(w, new GemmShape(33, 130, k) { TransposeA = true }, bias: true);
            test.Check(w, new GemmShape(23, 70, k) { TransposeB = true }, bias: true, accumulate: true, ActivationKind.Sigmoid);
        }
        test.Check(w, new GemmShape(161, 1100, 300), bias: true, activation: ActivationKind.Tanh);
        test.Check(w, new GemmShape(15, 300, 301) { Lda = 1024 });
        test.Check(w, new GemmShape(90, 140, 1031) { TransposeA = true }, accumulate: true);
        test.Check(w, new GemmShape(40, 1030, 270), bias: true, accumulate: true, ActivationKind.ReLU);
        test.Check(w, new GemmShape(170, 2061, 20) { TransposeB = true }, accumulate: true);
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Chunks_that_pack_their_own_panels_agree(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        using var test = new GemmCase();
        test.Check(w, new GemmShape(160, 128, 64));
        test.Check(w, new GemmShape(161, 103, 400), bias: true, accumulate: true, ActivationKind.ReLU);
        test.Check(w, new GemmShape(290, 117, 270) { TransposeA = true }, bias: true, activation: ActivationKind.Tanh);
        test.Check(w, new GemmShape(163, 144, 70) { Lda = 1024, Ldb = 160, Ldc = 150 }, accumulate: true);
        test.Check(w, new GemmShape(170, 100, 1));
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void A_transposed_matrix_that_each_thread_turns_agrees_and_has_the_same_bits_for_any_number_of_threads(string set)
    {
        using var test = new GemmCase();
        // All of it, for chunks of rows; panel by panel for many rows; beside rows 4 KB apart, which are turned once; rows of a turned product that are dot products.
        GemmShape[] shapes =
        [
            new(161, 100, 90), new(256, 77, 400), new(196, 270, 300) { TransposeA = true }, new(163, 144, 70) { Lda = 1024, Ldb = 160, Ldc = 150 },
            new(165, 300, 450), new(257, 401, 385), new(70, 110, 400) { Lda = 1024 }, new(93, 200, 90) { Lda = 2048 }, new(36, 200, 100), new(52, 331, 90),
        ];
        int ending = 0;
        foreach (GemmShape shape in shapes)
        {
            GemmShape s = shape with { TransposeB = true };
            test.Check(KernelSetData.WorkersOf(set, 2), s, bias: true, accumulate: ending % 2 == 0, ending++ % 3 == 0 ? ActivationKind.Sigmoid : ActivationKind.ReLU);
            float[] one = test.Check(KernelSetData.WorkersOf(set, 1), s);
            Assert.Null(Tolerance.FirstBitDifference(one, test.Repeat(KernelSetData.WorkersOf(set, 2), s, bias: false)));
            Assert.Null(Tolerance.FirstBitDifference(one, test.Repeat(KernelSetData.WorkersOf(set, 3), s, bias: false)));
        }
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Very_long_sums_agree_and_have_the_same_bits_for_any_number_of_threads(string set)
    {
        using var test = new GemmCase();
        // Eight segments, the last the shortest; four, of a transposed A alone and of a large B; panels of four vectors, which are not cut.
        foreach ((int m, int n, int k) in ((int, int, int)[])[(65, 127, 8195), (70, 77, 2101), (30, 261, 1030), (70, 61, 2101)])
        {
            foreach (bool transposed in (bool[])[true, false])
            {
                var s = new GemmShape(m, n, k) { TransposeA = transposed, Ldb = n + 1 };
                test.Check(KernelSetData.WorkersOf(set, 2), s, bias: true, accumulate: true, transposed ? ActivationKind.ReLU : ActivationKind.Sigmoid);
                float[] one = test.Check(KernelSetData.WorkersOf(set, 1), s, bias: true);
                Assert.Null(Tolerance.FirstBitDifference(one, test.Repeat(KernelSetData.WorkersOf(set, 2), s, bias: true)));
                Assert.Null(Tolerance.FirstBitDifference(one, test.Repeat(KernelSetData.WorkersOf(set, 3), s, bias: true)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Skinny_shapes_of_real_models_agree(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        using var test = new GemmCase();
        test.Check(w, new GemmShape(32, 128, 128), bias: true, activation: ActivationKind.ReLU);
        test.Check(w, new GemmShape(3136, 16, 48));
        test.Check(w, new GemmShape(48, 64, 3000) { TransposeA = true }, accumulate: true);
        test.Check(w, new GemmShape(32, 1, 6400), bias: true, activation: ActivationKind.Sigmoid);
        test.Check(w, new GemmShape(6400, 1, 32) { TransposeA = true }, accumulate: true);
        test.Check(w, new GemmShape(32, 6400, 1) { TransposeB = true });
        test.Check(w, new GemmShape(1, 512, 128), bias: true, activation: ActivationKind.ReLU);
        test.Check(w, new GemmShape(1, 128, 512) { TransposeB = true }, accumulate: true);
        test.Check(w, new GemmShape(32, 128, 512) { TransposeB = true }, accumulate: true);
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void The_number_of_threads_changes_no_bit(string set)
    {
        using var test = new GemmCase();
        (int, int, int)[] large = [(64, 200, 300), (200, 64, 300), (1, 4000, 70), (4000, 1, 70), (190, 150, 300), (170, 270, 500), (12, 1000, 90), (40, 1, 9000)];
        foreach ((int m, int n, int k) in EdgeShapes.Concat(large))
        {
            for (int variant = 0; variant < 4; variant++)
            {
                var s = new GemmShape(m, n, k) { TransposeA = (variant & 1) != 0, TransposeB = (variant & 2) != 0 };
                float[] one = test.Check(KernelSetData.WorkersOf(set, 1), s, bias: true);
                for (int threads = 2; threads <= 3; threads++)
                {
                    float[] more = test.Repeat(KernelSetData.WorkersOf(set, threads), s, bias: true);
                    Assert.Null(Tolerance.FirstBitDifference(one, more));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Every_activation_is_applied_after_the_bias(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        using var test = new GemmCase();
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
        {
            foreach ((int m, int n, int k) in ((int, int, int)[])[(19, 37, 11), (1, 50, 4), (50, 1, 4), (3, 2, 0), (20, 40, 600)])
            {
                test.Check(w, new GemmShape(m, n, k), bias: true, accumulate: true, kind);
                test.Check(w, new GemmShape(m, n, k) { TransposeB = true, Ldc = n + 1 }, bias: true, activation: kind);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Rows_of_A_may_overlap(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        using var test = new GemmCase();
        test.Check(w, new GemmShape(98, 64, 192) { Lda = 64 });
        test.Check(w, new GemmShape(17, 5, 12) { Lda = 1 });
        test.Check(w, new GemmShape(192, 64, 98) { Lda = 64, TransposeA = true }, accumulate: true);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Without_terms_only_the_epilogue_is_left(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        float[] c = [1, 2, 3, 4];
        Gemm.Multiply(w, new GemmShape(2, 2, 0), [], [], c, new GemmEpilogue { Bias = (float[])[-1, 5], Activation = ActivationKind.ReLU });
        Assert.Equal([0, 5, 0, 5], c);
        Gemm.Multiply(w, new GemmShape(2, 2, 0), [], [], c, new GemmEpilogue { Accumulate = true });
        Assert.Equal([0, 5, 0, 5], c);
        Gemm.Multiply(w, new GemmShape(2, 2, 0), [], [], c);
        Assert.Equal([0, 0, 0, 0], c);
    }

    [Fact]
    public void A_repeated_product_allocates_nothing()
    {
        var w = new Workers(threads: 1);
        float[] a = new float[200 * 300], b = new float[300 * 70], c = new float[200 * 70];
        foreach (bool transposed in (bool[])[false, true])
        {
            var s = new GemmShape(200, 70, 300) { TransposeA = transposed, TransposeB = transposed };
            Assert.Equal(0, Allocations.Least(() => Gemm.Multiply(w, s, a, b, c)));
        }
    }

    [Fact]
    public void What_cannot_be_multiplied_is_refused_with_the_sizes()
    {
        var w = new Workers(threads: 1);
        float[] six = new float[6];
        string A(GemmShape s, int a = 6, int b = 6, int c = 6, int bias = 0) => Assert.Throws<ArgumentException>(
            () => Gemm.Multiply(w, s, new float[a], new float[b], new float[c], new GemmEpilogue { Bias = new float[bias] })).Message;
        Assert.Contains("M = -1", A(new GemmShape(-1, 2, 3)));
        Assert.Contains("A needs 6 elements", A(new GemmShape(2, 2, 3), a: 5));
        Assert.Contains("B needs 6 elements", A(new GemmShape(2, 2, 3) { TransposeB = true }, b: 5));
        Assert.Contains("C needs 5 elements", A(new GemmShape(2, 2, 3) { Ldc = 3 }, c: 4));
        Assert.Contains("at least N = 2", A(new GemmShape(2, 2, 3) { Ldc = 1 }));
        Assert.Contains("N = 2, or none; received 3", A(new GemmShape(2, 2, 3), bias: 3));
        Gemm.Multiply(w, new GemmShape(2, 2, 3), six, six, six.AsSpan(0, 4).ToArray());
    }
}

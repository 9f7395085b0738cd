using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

/// <summary>α A·B + β C, on every path of a product.</summary>
public sealed class GemmFactorTests
{
    // Beyond the tallest tile, the widest panel and four vectors of 16 by a few.
    private const int Most = 67;

    private static readonly (float? Alpha, float? Beta)[] Factors = [(-0.5f, 0.75f), (0.3f, null), (null, -1.5f), (1, 0), (0.6f, 0), (2, 1), (0, 0.75f), (0, 0), (0, null)];

    /// <summary>Tiles with edges, one and two to eight columns, one row, and what these leave out: chunks that pack their own panels, blocks packed for all, streams, segments,
    /// parts of K, C computed turned or mirrored, blocks of K in place.</summary>
    private static readonly (int M, int N, int K)[] Paths =
        [(5, 7, 3), (65, 33, 20), (37, 65, 70), (1, 150, 31), (40, 1, 31), (7, 5, 300), (6, 2050, 5), (1030, 6, 9), (32, 97, 160), (161, 103, 50), (170, 90, 400), (21, 97, 8200), (16, 512, 520), (12, 40, 1300), (9, 13, 0), (300, 17, 100), (130, 33, 2101)];

    public static IEnumerable<object[]> Accelerated => KernelSetData.Accelerated;

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Every_path_agrees_with_the_naive_loops_in_all_transpositions(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        using var test = new GemmCase();
        foreach ((int m, int n, int k) in Paths)
        {
            for (int variant = 0; variant < 8; variant++)
            {
                bool ta = (variant & 1) != 0, tb = (variant & 2) != 0, gaps = (variant & 4) != 0;
                var s = new GemmShape(m, n, k)
                {
                    TransposeA = ta, TransposeB = tb, Lda = gaps ? (ta ? m : k) + 3 : 0, Ldb = gaps ? (tb ? k : n) + 16 : 0, Ldc = gaps ? n + 7 : 0, UpdatesB = true,
                };
                // Long sums are long in the naive loops, too: one pair of factors for each of their variants.
                bool few = (long)m * n * k > 1 << 17;
                for (int i = few ? variant % 3 : 0; i < (few ? (variant % 3) + 1 : Factors.Length); i++)
                {
                    (float? alpha, float? beta) = Factors[i];
                    test.Check(w, s, bias: i % 2 != 0, accumulate: i == 1 && gaps, tb ? ActivationKind.ReLU : ta ? ActivationKind.Tanh : ActivationKind.Linear, alpha, beta);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Every_height_width_and_depth_from_0_to_67_agrees(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        using var test = new GemmCase();
        for (int size = 0; size <= Most; size++)
        {
            for (int variant = 0; variant < 4; variant++)
            {
                foreach ((int m, int n, int k) in ((int, int, int)[])[(size, 33, 9), (29, size, 10), (13, 50, size)])
                {
                    var s = new GemmShape(m, n, k) { TransposeA = (variant & 1) != 0, TransposeB = (variant & 2) != 0 };
                    test.Check(w, s, bias: (size & 1) != 0, alpha: -0.7f, beta: variant < 2 ? 0.4f : 0f);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void A_factor_of_zero_leaves_what_it_belongs_to_unread_and_others_are_numbers_like_any(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        foreach ((int m, int n, int k) in Paths)
        {
            for (int variant = 0; variant < 4; variant++)
            {
                var s = new GemmShape(m, n, k) { TransposeA = (variant & 1) != 0, TransposeB = (variant & 2) != 0, UpdatesB = true };
                float[] a = Filled(m * k, 1), b = Filled(k * n, 1), nan = Filled(Math.Max(m, n) * k, float.NaN), bias = Filled(n, 3);
                Expect(0.5f * k, a, b, float.NaN, new GemmEpilogue { Alpha = 0.5f, Beta = 0 });
                Expect((0.5f * k) + 3, a, b, float.NaN, new GemmEpilogue { Alpha = 0.5f, Bias = bias });
                Expect(1, nan, nan, 2, new GemmEpilogue { Alpha = 0, Beta = 0.5f });
                Expect(3, nan, nan, float.NaN, new GemmEpilogue { Alpha = 0, Beta = 0, Bias = bias });
                Expect(float.NegativeInfinity, a, b, 0.25f, new GemmEpilogue { Beta = float.NegativeInfinity });
                Expect(float.NaN, a, b, 1, new GemmEpilogue { Beta = float.NaN });
                Expect(float.NaN, a, b, 0, new GemmEpilogue { Beta = float.PositiveInfinity });
                if (k > 0)
                {
                    Expect(float.NaN, a, b, 1, new GemmEpilogue { Alpha = float.NaN, Beta = 1 });
                    Expect(float.PositiveInfinity, a, b, float.NaN, new GemmEpilogue { Alpha = float.PositiveInfinity });
                    Expect(float.NaN, nan, b, 1, new GemmEpilogue { Alpha = 0.5f, Beta = 1 });
                }

                void Expect(float value, float[] left, float[] right, float before, GemmEpilogue epilogue)
                {
                    float[] c = Filled(m * n, before);
                    Gemm.Multiply(w, s, left, right, c, epilogue);
                    int wrong = c.AsSpan().IndexOfAnyExcept(value);
                    Assert.True(wrong < 0, $"{set} {s} alpha {epilogue.Alpha} beta {epilogue.Beta}: expected {value}, got {(wrong < 0 ? 0 : c[wrong])} at {wrong}.");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Neither_factors_of_one_and_zero_nor_the_number_of_threads_change_a_bit(string set)
    {
        Workers w = KernelSetData.WorkersOf(set), several = KernelSetData.WorkersOf(set, threads: 3);
        foreach ((int m, int n, int k) in (ReadOnlySpan<(int, int, int)>)[.. Paths, (130, 130, 130), (320, 200, 100)])
        {
            for (int variant = 0; variant < 4; variant++)
            {
                var s = new GemmShape(m, n, k) { TransposeA = (variant & 1) != 0, TransposeB = (variant & 2) != 0, UpdatesB = true };
                float[] a = TestValues.Create(m * k, 1), b = TestValues.Create(k * n, 2), c = TestValues.Create(m * n, 3), bias = TestValues.Create(n, 4);
                Same(w, new GemmEpilogue { Bias = bias }, new GemmEpilogue { Bias = bias, Alpha = 1, Beta = 0, Accumulate = true });
                Same(w, new GemmEpilogue { Bias = bias, Accumulate = true }, new GemmEpilogue { Bias = bias, Alpha = 1, Beta = 1 });
                Same(several, new GemmEpilogue { Alpha = 0.3f, Beta = 0.7f }, new GemmEpilogue { Alpha = 0.3f, Beta = 0.7f });

                void Same(Workers other, GemmEpilogue first, GemmEpilogue second)
                {
                    float[] want = [.. c], got = [.. c];
                    Gemm.Multiply(w, s, a, b, want, first);
                    Gemm.Multiply(other, s, a, b, got, second);
                    string? difference = Tolerance.FirstBitDifference(want, got);
                    Assert.True(difference is null, $"{set} {s} alpha {second.Alpha} beta {second.Beta}: {difference}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void A_repeated_product_with_factors_allocates_nothing(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        var s = new GemmShape(37, 41, 29);
        float[] a = TestValues.Create(37 * 29, 1), b = TestValues.Create(29 * 41, 2), c = new float[37 * 41];
        Assert.Equal(0, Allocations.Least(() => Gemm.Multiply(w, s, a, b, c, new GemmEpilogue { Alpha = 0.5f, Beta = 0.5f })));
        var turned = s with { M = 32, TransposeB = true };
        Assert.Equal(0, Allocations.Least(() => Gemm.Multiply(w, turned, a, b, c, new GemmEpilogue { Alpha = 0.5f, Beta = 0.5f })));
    }

    private static float[] Filled(int length, float value)
    {
        float[] values = new float[length];
        values.AsSpan().Fill(value);
        return values;
    }
}

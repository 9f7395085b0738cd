using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

/// <summary>Widths that are no whole number of vectors, whose last panel reaches back over its neighbour, and transposed products of few rows, which are computed turned.</summary>
public sealed class GemmEdgeTests
{
    private static readonly ActivationKind[] Endings = [ActivationKind.Linear, ActivationKind.ReLU, ActivationKind.Tanh, ActivationKind.Softplus];

    public static IEnumerable<object[]> Accelerated => KernelSetData.Accelerated;

    /// <summary>One chunk and several, one panel and many, a last panel of one vector and of all; K of one block and of two.</summary>
    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Columns_that_two_panels_hold_end_like_the_others(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        using var test = new GemmCase();
        int ending = 0;
        foreach (int m in (int[])[3, 8, 27, 28, 65, 127])
        {
            foreach (int n in (int[])[17, 31, 33, 47, 49, 63, 65, 97, 127, 131, 513])
            {
                foreach (int k in (int[])[1, 30, 127])
                    test.Check(w, new GemmShape(m, n, k), bias: (ending & 4) == 0, accumulate: ending % 7 == 0, Endings[ending++ % Endings.Length]);
            }
            test.Check(w, new GemmShape(m, 81, 1201), bias: true, activation: ActivationKind.Tanh);
        }
        test.Check(w, new GemmShape(9, 1100, 150), bias: true, activation: ActivationKind.Tanh);
    }

    /// <summary>Heights from one vector to several, widths of one chunk and more, with and without an A that is stored as it is needed.</summary>
    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Few_rows_times_a_transposed_matrix_agree_with_every_ending(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        using var test = new GemmCase();
        int ending = 0;
        foreach (int m in (int[])[4, 15, 16, 17, 20, 31, 32, 33, 47, 48, 50, 63, 64])
        {
            foreach (int n in (int[])[64, 95, 96, 97, 161, 200, 257])
            {
                foreach (int k in (int[])[64, 129, 300])
                {
                    var s = new GemmShape(m, n, k) { TransposeB = true, TransposeA = (ending & 1) != 0, Ldb = ending % 5 == 0 ? k + 3 : 0, Ldc = ending % 3 == 0 ? n + 5 : 0 };
                    test.Check(w, s, bias: (ending & 2) == 0, accumulate: ending % 11 == 0, Endings[ending++ / 2 % Endings.Length]);
                }
            }
        }
        // Rows of B a multiple of 4 KB apart.
        test.Check(w, new GemmShape(32, 100, 270) { TransposeB = true, Ldb = 1024 }, bias: true);
    }

    /// <summary>Tiles of two, four and six rows, the last one reaching back; columns that a tile does not fill; sums of less than a vector and of several with a rest; rows of A that fill L1 and that do not; chunks of
    /// columns, the last one wider.</summary>
    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Rows_times_rows_agree_with_every_ending(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 3);
        using var test = new GemmCase();
        int ending = 0;
        foreach (int m in (int[])[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 34])
        {
            foreach (int n in (int[])[4, 7, 8, 12, 17, 18, 19, 99])
            {
                foreach (int k in (int[])[9, 12, 64, 97, 256, 600])
                {
                    var s = new GemmShape(m, n, k) { TransposeB = true, Lda = ending % 7 == 0 ? k + 1 : 0, Ldb = ending % 5 == 0 ? k + 3 : 0, Ldc = ending % 3 == 0 ? n + 5 : 0 };
                    test.Check(w, s, bias: (ending & 2) == 0, accumulate: ending % 11 == 0, Endings[ending++ / 2 % Endings.Length], alpha: ending % 13 == 0 ? 0.5f : null, beta: ending % 17 == 0 ? -0.5f : null);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void The_number_of_threads_changes_no_bit(string set)
    {
        Workers one = KernelSetData.WorkersOf(set, threads: 1), three = KernelSetData.WorkersOf(set, threads: 3);
        using var test = new GemmCase();
        foreach ((int m, int n, int k) in ((int, int, int)[])[(65, 65, 65), (64, 64, 59), (64, 64, 60), (64, 60, 64), (66, 66, 66), (41, 100, 128), (127, 127, 127), (30, 513, 100), (8, 1001, 300), (6, 301, 700), (2, 99, 1500)])
        {
            for (int variant = 0; variant < 4; variant++)
            {
                var s = new GemmShape(m, n, k) { TransposeA = (variant & 1) != 0, TransposeB = (variant & 2) != 0 };
                test.Check(one, s, bias: true);
                Assert.Equal(test.Repeat(one, s, bias: true), test.Repeat(three, s, bias: true));
            }
        }
    }

    /// <summary>Short sums are computed in strips of tiles: chunks of rows and of columns, a last panel of two vectors and of three that reaches back, C in order where it is large, one row to several tiles;
    /// every ending, the same bits for any number of threads.</summary>
    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Strips_of_short_sums_agree(string set)
    {
        Workers one = KernelSetData.WorkersOf(set, threads: 1), three = KernelSetData.WorkersOf(set, threads: 3);
        using var test = new GemmCase();
        int ending = 0;
        foreach ((int m, int n, int k) in ((int, int, int)[])[(2, 2600, 48), (8, 1001, 33), (61, 500, 20), (64, 1000, 24), (257, 97, 13), (301, 113, 8), (1030, 17, 15), (700, 400, 1), (130, 32, 60), (11, 18, 300)])
        {
            for (int variant = 0; variant < 4; variant++, ending++)
            {
                var s = new GemmShape(m, n, k) { TransposeA = (variant & 1) != 0, TransposeB = variant == 2, Ldb = variant == 3 ? n + 3 : 0, Ldc = ending % 3 == 0 ? n + 5 : 0 };
                test.Check(three, s, bias: (ending & 4) == 0, accumulate: ending % 5 < 2, Endings[ending % Endings.Length]);
                float[] alone = test.Check(one, s, bias: true);
                Assert.Null(Tolerance.FirstBitDifference(alone, test.Repeat(three, s, bias: true)));
            }
        }
    }

    /// <summary>Operands that begin, or whose rows begin, inside a cache line, where panels of B are laid down in passing: with every ending, with columns behind and a last panel that reaches back, by one
    /// thread and three, the bits are those of whole lines.</summary>
    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Where_an_operand_begins_changes_no_bit(string set)
    {
        Workers one = KernelSetData.WorkersOf(set, threads: 1), three = KernelSetData.WorkersOf(set, threads: 3);
        float[] values = TestValues.Create(1 << 16, seed: 11);
        foreach ((int m, int n, int k) in ((int, int, int)[])[(19, 112, 120), (32, 512, 100), (64, 127, 200), (33, 129, 130), (100, 208, 255), (47, 98, 126)])
        {
            for (int ending = 0; ending < 8; ending++)
            {
                var epilogue = new GemmEpilogue { Bias = values.AsSpan(7, (ending & 1) * n), Accumulate = (ending & 2) != 0, Activation = Endings[(ending ^ (ending >> 2)) % Endings.Length] };
                float[] want = Sliced(one, new GemmShape(m, n, k) { TransposeA = (ending & 4) != 0 }, 0, n, values, epilogue);
                foreach ((Workers w, int begin, int pitch) in ((Workers, int, int)[])[(one, 3, n), (three, 3, n), (one, 0, n + 3), (three, 1, n + 16)])
                {
                    float[] got = Sliced(w, new GemmShape(m, n, k) { TransposeA = (ending & 4) != 0, Ldb = pitch, Ldc = pitch }, begin, pitch, values, epilogue);
                    string? difference = Tolerance.FirstBitDifference(got, want);
                    Assert.True(difference is null, $"{w.Kernels} ({m}, {n}, {k}) ending {ending} from {begin}, pitch {pitch}: {difference}");
                }
            }
        }
    }

    /// <summary>C of a product whose operands begin so many floats behind a cache line, and whose B and C have rows so far apart.</summary>
    private static float[] Sliced(Workers w, GemmShape s, int begin, int pitch, float[] values, in GemmEpilogue epilogue)
    {
        var a = new AlignedBuffer((s.M * s.K) + begin);
        var b = new AlignedBuffer((s.K * pitch) + begin);
        var c = new AlignedBuffer((s.M * pitch) + begin);
        Span<float> from = a.Span[begin..], rows = b.Span[begin..], result = c.Span[begin..];
        values.AsSpan(0, from.Length).CopyTo(from);
        rows.Fill(float.NaN);
        result.Fill(float.NaN);
        for (int k = 0; k < s.K; k++)
            values.AsSpan(100 + (k * s.N), s.N).CopyTo(rows[(k * pitch)..]);
        for (int m = 0; m < s.M; m++)
            values.AsSpan(m * s.N, s.N).CopyTo(result[(m * pitch)..]);
        Gemm.Multiply(w, s, from, rows, result, epilogue);
        var dense = new float[s.M * s.N];
        for (int m = 0; m < s.M; m++)
        {
            result.Slice(m * pitch, s.N).CopyTo(dense.AsSpan(m * s.N));
            Assert.False(result[((m * pitch) + s.N)..((m + 1) * pitch)].ContainsAnyExcept(float.NaN), $"{w.Kernels} {s}: what lies between rows of C was written.");
        }
        return dense;
    }
}

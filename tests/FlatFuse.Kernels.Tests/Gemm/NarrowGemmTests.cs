using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

/// <summary>Products with 1 to 17 columns and their gradients, around the blocks (256 to 1024 terms), rows at a time (8 and 16), chunks, the limit of 64 and the tiles (2, 4).</summary>
public sealed class NarrowGemmTests
{
    private const int Most = 16;

    public static IEnumerable<object[]> Accelerated => KernelSetData.Accelerated;

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void A_layer_of_few_units_agrees_with_the_naive_loops(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        using var test = new GemmCase();
        (int M, int K)[] sizes = [(2, 256), (3, 259), (4, 511), (5, 512), (7, 513), (16, 1023), (17, 1030), (31, 300), (33, 2049)];
        for (int n = 1; n <= Most; n++)
        {
            for (int i = 0; i < sizes.Length; i++)
            {
                (int m, int k) = sizes[i];
                int gap = (i + n) % 3;
                var s = new GemmShape(m, n, k) { Lda = gap == 0 ? 0 : k + gap, Ldb = gap == 0 ? 0 : n + gap, Ldc = gap == 0 ? 0 : n + gap };
                test.Check(w, s, bias: (i & 1) != 0, accumulate: (n & 1) != 0, Activation(i));
            }
        }
        // Few terms: groups of 8 rows, the last of them reaching back where C is not added to, and the borders of paths at a vector of terms and at 128.
        (int M, int K)[] small = [(2, 16), (7, 40), (8, 2), (9, 17), (15, 8), (23, 128), (24, 129), (40, 31), (70, 5), (100, 64)];
        for (int n = 1; n <= Most + 1; n++)
        {
            for (int i = 0; i < small.Length; i++)
            {
                (int m, int k) = small[i];
                int gap = (i + n) % 3;
                bool transposedB = ((i ^ n) & 2) != 0;
                var s = new GemmShape(m, n, k) { TransposeB = transposedB, Lda = gap == 0 ? 0 : k + gap, Ldb = gap == 0 ? 0 : (transposedB ? k : n) + gap, Ldc = gap == 0 ? 0 : n + gap };
                test.Check(w, s, bias: ((i + n) & 2) != 0, accumulate: (n & 1) != 0, Activation(i));
            }
        }
        test.Check(w, new GemmShape(2100, 10, 20), bias: true, activation: ActivationKind.Tanh);
        test.Check(w, new GemmShape(2101, 7, 24), accumulate: true);
        test.Check(w, new GemmShape(45, 11, 19), alpha: -0.5f, beta: 0.25f);
        test.Check(w, new GemmShape(45, 3, 119) { TransposeB = true }, bias: true, alpha: -0.5f, beta: 0.25f);
        // Few rows whose last vector is not whole, with sums of several blocks.
        test.Check(w, new GemmShape(3, 72, 2048), bias: true);
        test.Check(w, new GemmShape(9, 40, 1300), accumulate: true);
        test.Check(w, new GemmShape(10, 20, 1500) { TransposeA = true }, activation: ActivationKind.ReLU);
        test.Check(w, new GemmShape(5, 1, 8200), bias: true);
        test.Check(w, new GemmShape(5, 1, 4099) { Ldb = 3 }, accumulate: true);
        test.Check(w, new GemmShape(6, 5, 300) { Lda = 1 });
        test.Check(w, new GemmShape(6, 5, 300) { Ldb = 2 });
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Its_input_gradient_agrees_with_the_naive_loops(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        using var test = new GemmCase();
        (int M, int N)[] sizes = [(2, 1024), (3, 1027), (5, 1025), (16, 1023), (7, 1537), (63, 1030), (64, 1100), (65, 1030), (9, 2049)];
        for (int k = 1; k <= Most; k++)
        {
            for (int i = 0; i < sizes.Length; i++)
            {
                (int m, int n) = sizes[i];
                int gap = (i + k) % 3;
                bool transposedA = i == 4;
                var s = new GemmShape(m, n, k)
                {
                    TransposeA = transposedA,
                    TransposeB = true,
                    Lda = gap == 0 ? 0 : (transposedA ? m : k) + gap,
                    Ldb = gap == 0 ? 0 : k + gap,
                    Ldc = gap == 0 ? 0 : n + gap,
                };
                test.Check(w, s, accumulate: (i & 1) != 0);
            }
        }
        // Narrower than a block of B's rows, on one thread and on two; and several blocks, whose last is less than a vector or not.
        (int M, int N)[] narrow = [(2, 16), (7, 33), (40, 100), (200, 300), (35, 4100), (70, 1370), (3, 2090)];
        for (int k = 1; k <= Most / 2; k++)
        {
            for (int i = 0; i < narrow.Length; i++)
            {
                (int m, int n) = narrow[i];
                int gap = (i + k) % 3;
                var s = new GemmShape(m, n, k) { TransposeB = true, Lda = gap == 0 ? 0 : k + gap, Ldb = gap == 0 ? 0 : k + gap, Ldc = gap == 0 ? 0 : n + gap };
                test.Check(w, s, bias: ((i + k) & 2) != 0, accumulate: (k & 1) != 0, Activation(i));
            }
        }
        test.Check(w, new GemmShape(200, 300, 3) { TransposeB = true }, alpha: -0.5f, beta: 0.25f);
        test.Check(w, new GemmShape(6, 8200, 1) { TransposeB = true }, accumulate: true);
        test.Check(w, new GemmShape(6, 4099, 1));
        test.Check(w, new GemmShape(6, 300, 5) { TransposeB = true }, bias: true, activation: ActivationKind.ReLU);
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Its_weight_gradient_agrees_with_the_naive_loops(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        using var test = new GemmCase();
        (int M, int K)[] sizes = [(1024, 2), (1025, 3), (1031, 4), (1535, 5), (1537, 9), (2050, 16), (1100, 33), (16, 2), (17, 40), (47, 33), (63, 385), (100, 700), (211, 31)];
        for (int n = 1; n <= Most; n++)
        {
            for (int i = 0; i < sizes.Length; i++)
            {
                (int m, int k) = sizes[i];
                int gap = (i + n) % 3;
                var s = new GemmShape(m, n, k) { TransposeA = true, Lda = gap == 0 ? 0 : m + gap, Ldb = gap == 0 ? 0 : n + gap, Ldc = gap == 0 ? 0 : n + gap };
                test.Check(w, s, accumulate: ((i + n) & 1) != 0);
            }
        }
        test.Check(w, new GemmShape(75, 10, 390) { TransposeA = true, TransposeB = true }, accumulate: true);
        test.Check(w, new GemmShape(75, 5, 39) { TransposeA = true }, alpha: -0.5f, beta: 0.25f);
        test.Check(w, new GemmShape(8200, 1, 6) { TransposeA = true });
        test.Check(w, new GemmShape(1030, 5, 6) { TransposeA = true }, bias: true, activation: ActivationKind.Tanh);
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void The_number_of_threads_changes_no_bit(string set)
    {
        using var test = new GemmCase();
        GemmShape[] shapes =
        [
            new(37, 5, 1500), new(33, 1, 9000), new(70, 2000, 5) { TransposeB = true }, new(70, 5000, 1) { TransposeB = true },
            new(3001, 10, 20), new(4003, 3, 64), new(700, 8, 100) { TransposeB = true }, new(600, 12, 100) { TransposeA = true }, new(64, 2, 3200) { TransposeA = true },
            new(2000, 5, 32) { TransposeA = true }, new(9000, 1, 32) { TransposeA = true },
        ];
        foreach (GemmShape s in shapes)
        {
            float[] one = test.Check(KernelSetData.WorkersOf(set, 1), s);
            for (int threads = 2; threads <= 3; threads++)
                Assert.Null(Tolerance.FirstBitDifference(one, test.Repeat(KernelSetData.WorkersOf(set, threads), s, bias: false)));
        }
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void NaN_and_infinity_reach_exactly_the_elements_that_depend_on_them(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        GemmShape[] shapes = [new(43, 5, 9), new(45, 10, 20), new(41, 3, 100), new(21, 4, 60) { TransposeB = true }, new(33, 10, 20) { TransposeA = true }, new(7, 5, 777), new(7, 1, 777), new(7, 1777, 5) { TransposeB = true }, new(7, 777, 1), new(1037, 5, 7) { TransposeA = true }, new(1037, 1, 7) { TransposeA = true }];
        foreach (GemmShape s in shapes)
        {
            float[] a = TestValues.Create(s.M * s.K, 1, 0.5f, 1f), b = TestValues.Create(s.K * s.N, 2, 0.5f, 1f), c = new float[s.M * s.N];
            Array.Fill(c, float.NaN);
            int row = s.M / 2, column = s.N - 1, nanTerm = s.K - 1, term = s.K / 2;
            a[s.TransposeA ? (nanTerm * s.M) + row : (row * s.K) + nanTerm] = float.NaN;
            b[s.TransposeB ? (column * s.K) + term : (term * s.N) + column] = float.PositiveInfinity;
            Gemm.Multiply(w, s, a, b, c);
            for (int i = 0; i < c.Length; i++)
            {
                bool right = i / s.N == row ? float.IsNaN(c[i]) : i % s.N == column ? float.IsPositiveInfinity(c[i]) : float.IsFinite(c[i]);
                Assert.True(right, $"{set} {s}: {c[i]} at {i}");
            }
        }
    }

    private static ActivationKind Activation(int i) => i switch
    {
        2 or 5 => ActivationKind.ReLU,
        3 => ActivationKind.Sigmoid,
        6 => ActivationKind.Tanh,
        _ => ActivationKind.Linear,
    };
}

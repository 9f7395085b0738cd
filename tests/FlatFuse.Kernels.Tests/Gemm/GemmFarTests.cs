using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

/// <summary>Few rows and a B of more than 1 MB, which L2 does not keep: panels in place or laid down in passing, by columns or by segments of K.</summary>
public sealed class GemmFarTests
{
    // The least height, one, two and three row tiles; odd widths, whole ones and columns behind whole vectors; around one, two and three blocks of 192 terms; from 1024 terms on four
    // segments where there are fewer than 12 panels, from 8192 on eight; rows 4 KB apart.
    private static readonly (int M, int N, int K)[] Shapes =
    [
        (6, 1100, 241), (7, 1100, 241), (9, 1001, 287), (10, 1003, 289), (18, 1061, 301), (19, 601, 499), (20, 1090, 243), (28, 299, 1027), (47, 256, 1033),
        (30, 81, 8200), (65, 575, 480), (101, 577, 481), (21, 1024, 1024), (33, 300, 1000),
    ];

    public static IEnumerable<object[]> Accelerated => KernelSetData.Accelerated;

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void A_large_B_agrees_and_the_number_of_threads_changes_no_bit(string set)
    {
        using var test = new GemmCase();
        int variant = 0;
        foreach ((int m, int n, int k) in Shapes)
        {
            foreach (bool transposed in (bool[])[false, true])
            {
                var s = new GemmShape(m, n, k) { TransposeA = transposed };
                float[] one = test.Check(KernelSetData.WorkersOf(set, 1), s, bias: true);
                for (int threads = 2; threads <= 4; threads++)
                    Assert.Null(Tolerance.FirstBitDifference(one, test.Repeat(KernelSetData.WorkersOf(set, threads), s, bias: true)));
                variant++;
                ActivationKind activation = (variant % 3) switch { 0 => ActivationKind.ReLU, 1 => ActivationKind.Tanh, _ => ActivationKind.Linear };
                test.Check(KernelSetData.WorkersOf(set, 2), s with { Ldb = n + (variant % 2 * 5), Ldc = n + (variant % 4) }, bias: variant % 2 == 0, accumulate: variant % 4 != 0, activation, alpha: variant % 5 == 0 ? 0.75f : null);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Numbers_that_are_not_finite_reach_their_rows_and_columns_and_no_others(string set)
    {
        const int M = 20, N = 1003, K = 301;
        foreach ((int row, int column, int term) in ((int, int, int)[])[(0, 0, 0), (7, 48, 150), (19, 1002, 300), (3, 959, 151)])
        {
            float[] a = TestValues.Create(M * K, seed: 3), b = TestValues.Create(K * N, seed: 4), c = new float[M * N];
            a[(row * K) + term] = float.NaN;
            b[(term * N) + column] = float.NaN;
            Gemm.Multiply(KernelSetData.WorkersOf(set, threads: 2), new GemmShape(M, N, K), a, b, c);
            for (int i = 0; i < c.Length; i++)
                Assert.Equal(i / N == row || i % N == column, float.IsNaN(c[i]));
        }
    }
}

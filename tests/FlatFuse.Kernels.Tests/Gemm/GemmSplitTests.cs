using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

/// <summary>Few rows and a large B: the sums are made in two to sixteen parts.</summary>
public sealed class GemmSplitTests
{
    /// <summary>Around the least terms and floats of B (with and without its being updated), the most rows, and terms that the parts do not divide.</summary>
    private static readonly (int M, int N, int K)[] Shapes =
        [(2, 512, 1024), (16, 128, 511), (16, 128, 512), (17, 128, 513), (32, 128, 784), (33, 112, 701), (64, 256, 1027), (65, 256, 1024), (9, 336, 1568)];

    public static IEnumerable<object[]> Accelerated => KernelSetData.Accelerated;

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Parts_of_the_sums_agree_with_the_naive_loops(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        using var test = new GemmCase();
        foreach ((int m, int n, int k) in Shapes)
        {
            var s = new GemmShape(m, n, k) { UpdatesB = true };
            test.Check(w, s, bias: true, activation: ActivationKind.ReLU);
            test.Check(w, s with { UpdatesB = false }, bias: true, accumulate: true, ActivationKind.Tanh);
            test.Check(w, s with { Lda = k + 3, Ldb = n + 16, Ldc = n + 7 }, accumulate: true);
            test.Check(w, s with { Ldb = n + 5 }, bias: true);
        }
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void The_number_of_threads_changes_no_bit(string set)
    {
        using var test = new GemmCase();
        foreach ((int m, int n, int k) in Shapes)
        {
            var s = new GemmShape(m, n, k) { UpdatesB = true };
            float[] one = test.Check(KernelSetData.WorkersOf(set, 1), s, bias: true);
            for (int threads = 2; threads <= 4; threads++)
                Assert.Null(Tolerance.FirstBitDifference(one, test.Repeat(KernelSetData.WorkersOf(set, threads), s, bias: true)));
        }
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Numbers_that_are_not_finite_reach_their_rows_and_no_others(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        const int M = 16, N = 128, K = 600;
        foreach (int term in (int[])[0, 299, 300, 599])
        {
            float[] a = TestValues.Create(M * K, seed: 3), b = TestValues.Create(K * N, seed: 4), c = new float[M * N];
            a[K + term] = float.NaN;
            a[(2 * K) + term] = float.PositiveInfinity;
            Gemm.Multiply(w, new GemmShape(M, N, K) { UpdatesB = true }, a, b, c);
            Assert.All(c[..N], value => Assert.True(float.IsFinite(value)));
            Assert.All(c[N..(2 * N)], value => Assert.True(float.IsNaN(value)));
            Assert.All(c[(2 * N)..(3 * N)], value => Assert.False(float.IsFinite(value)));
            Assert.All(c[(3 * N)..], value => Assert.True(float.IsFinite(value)));
        }
    }
}

using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

/// <summary>Gradients of weights with more rows than columns, which are computed as Cᵀ and transposed.</summary>
public sealed class GemmMirroredTests
{
    private static readonly ActivationKind[] Endings = [ActivationKind.Linear, ActivationKind.ReLU, ActivationKind.Tanh, ActivationKind.Softplus];

    public static IEnumerable<object[]> Accelerated => KernelSetData.Accelerated;

    // Two chunks and many, one block of K and several, segments; columns of one vector of 512 bits, between two, of more tiles; a last chunk, and a last one of rows of sums, with a few rows.
    private static readonly (int M, int N, int K)[] Shapes =
    [
        (300, 17, 100), (513, 18, 64), (200, 50, 129), (70, 50, 640), (97, 33, 300), (31, 17, 1000), (1030, 20, 130), (300, 17, 1000), (800, 17, 1030),
        (130, 33, 2101), (96, 17, 4100), (145, 50, 1024), (65, 40, 8200), (161, 100, 400), (33, 32, 8192), (128, 64, 600),
    ];

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Tall_gradients_of_weights_agree_with_every_ending(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        using var test = new GemmCase();
        int ending = 0;
        foreach ((int m, int n, int k) in Shapes)
        {
            for (int round = 0; round < 3; round++)
            {
                var s = new GemmShape(m, n, k) { TransposeA = true, Lda = ending % 3 == 1 ? m + 3 : 0, Ldb = ending % 3 == 2 ? n + 5 : 0, Ldc = ending % 2 == 1 ? n + 7 : 0 };
                bool scaled = ending % 5 == 3;
                test.Check(w, s, bias: (ending & 1) == 0, accumulate: !scaled && ending % 4 == 0, Endings[ending / 2 % Endings.Length], scaled ? 0.5f : null, scaled ? (ending & 1) * 0.75f : null);
                ending++;
            }
            test.Check(w, new GemmShape(m, n, k) { TransposeA = true });
        }
        // Rows of both operands 4 KB apart.
        test.Check(w, new GemmShape(1024, 20, 100) { TransposeA = true, Ldb = 1024 });
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void The_number_of_threads_changes_no_bit(string set)
    {
        Workers one = KernelSetData.WorkersOf(set, threads: 1), two = KernelSetData.WorkersOf(set, threads: 2), three = KernelSetData.WorkersOf(set, threads: 3);
        using var test = new GemmCase();
        foreach ((int m, int n, int k) in Shapes)
        {
            var s = new GemmShape(m, n, k) { TransposeA = true };
            float[] want = test.Check(one, s, bias: true);
            want = test.Repeat(one, s, bias: true);
            Assert.Null(Tolerance.FirstBitDifference(want, test.Repeat(two, s, bias: true)));
            Assert.Null(Tolerance.FirstBitDifference(want, test.Repeat(three, s, bias: true)));
        }
    }
}

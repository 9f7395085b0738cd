using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

/// <summary>α A·B + β C.</summary>
public sealed class GemmFactorTests
{
    private static readonly (int M, int N, int K)[] Shapes = [(5, 7, 3), (65, 33, 20), (33, 65, 20), (1, 40, 31), (40, 1, 31), (7, 5, 300), (100, 90, 80), (161, 103, 40), (9, 13, 0)];

    public static IEnumerable<object[]> Accelerated => KernelSetData.Accelerated;

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Every_pair_of_factors_agrees_with_the_naive_loops_in_all_transpositions(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        foreach ((int m, int n, int k) in Shapes)
        {
            for (int variant = 0; variant < 8; variant++)
            {
                bool ta = (variant & 1) != 0, tb = (variant & 2) != 0, gaps = (variant & 4) != 0;
                var s = new GemmShape(m, n, k)
                {
                    TransposeA = ta, TransposeB = tb, Lda = gaps ? (ta ? m : k) + 3 : 0, Ldb = gaps ? (tb ? k : n) + 5 : 0, Ldc = gaps ? n + 7 : 0,
                };
                using var a = GuardedMemory.CopyOf(TestValues.Create((int)s.LengthA, 1), atEnd: !ta);
                using var b = GuardedMemory.CopyOf(TestValues.Create((int)s.LengthB, 2), atEnd: !tb);
                float[] bias = gaps ? TestValues.Create(n, 3) : [], before = TestValues.Create((int)s.LengthC, 4);
                foreach (float? alpha in (float?[])[null, 0, 1, -0.5f])
                {
                    foreach (float? beta in (float?[])[null, 0, 1, 0.75f])
                    {
                        using var c = GuardedMemory.CopyOf(before, atEnd: !gaps);
                        if (beta == 0)
                            c.Span.Fill(float.NaN);
                        float[] old = c.Span.ToArray(), want = [.. old];
                        var epilogue = new GemmEpilogue { Alpha = alpha, Beta = beta, Accumulate = variant == 3, Bias = bias, Activation = tb ? ActivationKind.ReLU : ActivationKind.Linear };
                        Gemm.Multiply(w, s, a.Span, b.Span, c.Span, epilogue);
                        NaiveGemm.Multiply(s, a.Span, b.Span, want, epilogue);
                        // K products of three numbers, C and the bias: one rounding more a term than without factors; all of them are at most 1.
                        double bound = Tolerance.OfSum(k + 4, k + 2);
                        for (int i = 0; i < want.Length; i++)
                        {
                            bool right = i % s.LeadingC >= n ? c.Span[i].Equals(old[i]) : Math.Abs((double)c.Span[i] - want[i]) <= bound;
                            if (!right)
                                Assert.Fail($"{set} {s} alpha {alpha} beta {beta}: element {i} expected {want[i]:R}, got {c.Span[i]:R}");
                        }
                        Assert.True(c.IsSlackUntouched);
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Factors_of_one_and_zero_are_the_bits_of_a_product_without_and_no_call_allocates(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        var s = new GemmShape(37, 41, 29);
        float[] a = TestValues.Create(37 * 29, 1), b = TestValues.Create(29 * 41, 2), want = new float[37 * 41], got = new float[37 * 41];
        Gemm.Multiply(w, s, a, b, want);
        Gemm.Multiply(w, s, a, b, got, new GemmEpilogue { Alpha = 1, Beta = 0 });
        Assert.Null(Tolerance.FirstBitDifference(want, got));
        Assert.Equal(0, Allocations.Least(() => Gemm.Multiply(w, s, a, b, got, new GemmEpilogue { Alpha = 0.5f, Beta = 0.5f })));
        a[3] = float.NaN;
        Gemm.Multiply(w, s, a, b, got, new GemmEpilogue { Alpha = 0 });
        Assert.All(got[..41], value => Assert.True(float.IsNaN(value)));
        Assert.All(got[41..], value => Assert.Equal(0f, value));
    }
}

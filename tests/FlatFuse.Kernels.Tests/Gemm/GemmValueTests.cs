using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

/// <summary>Values that are no ordinary numbers, on every path that a product can take.</summary>
public sealed class GemmValueTests
{
    /// <summary>What the edges of <see cref="GemmTests.EdgeShapes"/> leave out: chunks that pack their own panels, blocks packed for all, streams, segments and parts of K, gradients computed mirrored.</summary>
    private static readonly (int M, int N, int K)[] Paths =
        [.. GemmTests.EdgeShapes, (161, 103, 50), (700, 65, 40), (650, 261, 30), (90, 140, 300), (21, 97, 8200), (16, 512, 520), (32, 97, 160), (33, 2049, 5), (1030, 6, 9), (9, 7, 300), (300, 17, 100), (130, 33, 2101)];

    private static readonly ActivationKind[] Endings = [ActivationKind.Linear, ActivationKind.ReLU, ActivationKind.Tanh];

    public static IEnumerable<object[]> Accelerated => KernelSetData.Accelerated;

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Old_content_of_C_is_not_looked_at_when_overwriting(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        foreach (GemmShape s in Shapes())
        {
            float[] c = new float[s.M * s.N];
            Array.Fill(c, float.NaN);
            Gemm.Multiply(w, s, new float[s.M * s.K], new float[s.K * s.N], c);
            Assert.False(c.AsSpan().ContainsAnyExcept(0f), $"{set} {s}");
        }
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void NaN_and_infinity_reach_exactly_the_elements_that_depend_on_them(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        int number = 0;
        foreach (GemmShape s in Shapes())
        {
            ActivationKind activation = Endings[number++ % Endings.Length];
            float[] a = TestValues.Create(s.M * s.K, 1, 0.5f, 1f), b = TestValues.Create(s.K * s.N, 2, 0.5f, 1f), c = new float[s.M * s.N];
            Array.Fill(c, float.NaN);
            int row = s.M / 2, column = s.N - 1, last = s.K - 1, middle = s.K / 2;
            a[(row * s.RowStrideA) + (last * s.ColumnStrideA)] = float.NaN;
            b[(middle * s.RowStrideB) + (column * s.ColumnStrideB)] = float.PositiveInfinity;
            Gemm.Multiply(w, s, a, b, c, new GemmEpilogue { Activation = activation });
            for (int i = 0; i < c.Length; i++)
            {
                float infinite = activation == ActivationKind.Tanh ? 1f : float.PositiveInfinity;
                bool right = i / s.N == row ? float.IsNaN(c[i]) : i % s.N == column ? c[i] == infinite : float.IsFinite(c[i]);
                if (!right)
                    Assert.Fail($"{set} {s} {activation}: {c[i]} at {i}; NaN belongs in row {row}, infinity in column {column}.");
            }
        }
    }

    private static IEnumerable<GemmShape> Shapes()
        => from path in Paths
           from variant in Enumerable.Range(0, 5)
           select new GemmShape(path.M, path.N, path.K) { TransposeA = (variant & 1) != 0, TransposeB = (variant & 2) != 0, UpdatesB = variant == 4 };
}

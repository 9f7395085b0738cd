using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

/// <summary>Products drawn at random: what nobody thought of when the other lists were made. The seed is fixed, so a failure comes again.</summary>
public sealed class GemmRandomTests
{
    // Sizes that layers have, their neighbours, and thin sides: each way through the product is met several times.
    private static readonly int[] Sizes = [1, 2, 3, 5, 8, 10, 16, 20, 24, 32, 48, 50, 64, 96, 100, 128, 200, 256, 300, 384, 512, 784, 1000, 1024, 2048];

    private static readonly ActivationKind[] Endings = [ActivationKind.Linear, ActivationKind.Linear, ActivationKind.ReLU, ActivationKind.Tanh];

    private static readonly float?[] Factors = [null, null, null, null, 0, 1, -0.5f];

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Products_drawn_at_random_agree_for_any_number_of_threads(string set)
    {
        bool accelerated = KernelSetData.Named(set).IsAccelerated && set != "scalar";
        // The naive loops, in double, take most of the time.
        (int cases, long mostWork) = accelerated ? (300, 1 << 21) : (100, 1 << 14);
        var random = new Random(20261122);
        Workers[] workers = [.. Enumerable.Range(1, 3).Select(threads => KernelSetData.WorkersOf(set, threads))];
        using var products = new GemmCase();
        for (int i = 0; i < cases;)
        {
            GemmShape s = Draw(random);
            if ((long)s.M * s.N * s.K > mostWork || Math.Max(s.LengthA, Math.Max(s.LengthB, s.LengthC)) > 1 << 20)
                continue;
            bool bias = random.Next(2) == 0, accumulate = random.Next(3) == 0;
            ActivationKind activation = Endings[random.Next(Endings.Length)];
            float? alpha = Factors[random.Next(Factors.Length)], beta = Factors[random.Next(Factors.Length)];
            float[] some = products.Check(workers[i % 3], s, bias, accumulate, activation, alpha, beta);
            float[] others = products.Check(workers[(i + 1) % 3], s, bias, accumulate, activation, alpha, beta);
            string? difference = Tolerance.FirstBitDifference(some, others);
            Assert.True(difference is null, $"{set} {s}, another number of threads: {difference}");
            i++;
        }
    }

    private static GemmShape Draw(Random random)
    {
        int Size() => Math.Max(1, Sizes[random.Next(Sizes.Length)] + (random.Next(3) == 0 ? random.Next(-1, 2) : 0));
        int Gap() => random.Next(4) == 0 ? random.Next(1, 9) : 0;
        int m = Size(), n = Size(), k = Size();
        bool transposeA = random.Next(3) == 0, transposeB = random.Next(3) == 0;
        int a = Gap(), b = Gap(), c = Gap();
        return new GemmShape(m, n, k)
        {
            TransposeA = transposeA,
            TransposeB = transposeB,
            Lda = a == 0 ? 0 : (transposeA ? m : k) + a,
            Ldb = b == 0 ? 0 : (transposeB ? k : n) + b,
            Ldc = c == 0 ? 0 : n + c,
        };
    }
}

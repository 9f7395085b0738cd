using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class NormalNoiseTests
{
    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Every_set_draws_the_same_numbers_at_every_length(string set)
    {
        float[] want = new float[1100];
        NormalNoise.Fill(new Workers(KernelSets.Scalar, 1), 99, 0.5, 2, want);
        Workers w = KernelSetData.WorkersOf(set);
        foreach (int length in KernelSetData.LengthsFor(set))
        {
            using GuardedMemory y = length % 2 == 0 ? GuardedMemory.BeforeGuard(length) : GuardedMemory.AfterGuard(length);
            NormalNoise.Fill(w, 99, 0.5, 2, y.Span);
            // Sets with and without fused arithmetic differ in the last bits of numbers up to 12.
            Assert.Null(Tolerance.FirstDifference(Array.ConvertAll(want[..length], value => (double)value), y.Span, 4e-6, 4e-6));
            Assert.True(y.IsSlackUntouched);
        }
    }

    [Fact]
    public void The_numbers_are_normal_and_neighbours_are_independent()
    {
        const int Count = 400_000;
        float[] y = new float[Count];
        NormalNoise.Fill(new Workers(threads: 1), 7, 0, 1, y);
        // Five standard errors each: 1/√n of the mean, √2/√n of the variance, √6/√n of the third and √96/√n of the fourth moment.
        double error = 5 / Math.Sqrt(Count);
        Assert.Equal(0, y.Average(value => (double)value), error);
        Assert.Equal(1, y.Average(value => (double)value * value), Math.Sqrt(2) * error);
        Assert.Equal(0, y.Average(value => Math.Pow(value, 3)), Math.Sqrt(15) * error);
        Assert.Equal(3, y.Average(value => Math.Pow(value, 4)), Math.Sqrt(96) * error);
        foreach (int distance in new[] { 1, 16, 32, 48, 64 })
        {
            double product = 0;
            for (int i = distance; i < Count; i++)
                product += (double)y[i] * y[i - distance];
            Assert.Equal(0, product / Count, error);
        }
        // Shares below a few quantiles of the normal distribution.
        foreach ((double quantile, double share) in new[] { (-2.5758293, 0.005), (-1.2815516, 0.1), (0, 0.5), (0.6744898, 0.75), (2.3263479, 0.99) })
            Assert.Equal(share, y.Count(value => value < quantile) / (double)Count, error * Math.Sqrt(share * (1 - share)));
    }

    [Fact]
    public void Bad_deviations_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => NormalNoise.Fill(new Workers(threads: 1), 1, 0, -1, new float[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => NormalNoise.Fill(new Workers(threads: 1), 1, 0, double.NaN, new float[3]));
    }
}

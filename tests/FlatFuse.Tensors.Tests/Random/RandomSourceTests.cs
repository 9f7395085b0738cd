namespace FlatFuse.Tensors.Tests;

public sealed class RandomSourceTests
{
    // Bounds below are 5 standard errors for the fixed seed's sample: chance alone crosses them once in two million draws.
    private const int N = 100_000;

    private static readonly RandomSource Source = RandomSource.FromSeed(1234);

    [Fact]
    public void The_same_key_gives_the_same_bits_and_another_key_others()
    {
        Assert.Equal(Source.Uniform(0, 1, 1000).ToArray(), Source.Uniform(0, 1, 1000).ToArray());
        Assert.Equal(Source.Normal(0, 1, 10, 100).ToArray(), Source.Normal(0, 1, 1000).ToArray());
        Assert.Equal(Source.Permutation(1000), Source.Permutation(1000));
        foreach (RandomSource other in new[] { RandomSource.FromSeed(1235), RandomSource.FromSeed(-1234), Source.Derive("a"), Source.Derive("b"), Source.Derive(0), Source.Derive(1) })
            Assert.InRange(Equal(Source.Uniform(0, 1, 1000), other.Uniform(0, 1, 1000)), 0, 2);
        Assert.InRange(Equal(Source.Derive("a").Uniform(0, 1, 1000), Source.Derive("b").Uniform(0, 1, 1000)), 0, 2);
    }

    [Fact]
    public void A_shorter_draw_is_the_beginning_of_a_longer_one()
    {
        Assert.Equal(Source.Uniform(-1, 1, 77).ToArray(), Source.Uniform(-1, 1, 500)[..77].ToArray());
        Assert.Equal(Source.TruncatedNormal(0, 1, 77).ToArray(), Source.TruncatedNormal(0, 1, 500)[..77].ToArray());
    }

    [Fact]
    public void Uniform_numbers_fill_their_interval_evenly()
    {
        float[] x = Source.Uniform(-2, 6, N).ToArray();
        Assert.All(x, value => Assert.InRange(value, -2, 5.9999999f));
        (double mean, double variance) = Moments(x);
        AssertNear(2, mean, 5 * Math.Sqrt(64.0 / 12 / N));
        AssertNear(64.0 / 12, variance, 5 * (64.0 / 12) * Math.Sqrt(0.8 / N));
        var bins = new int[16];
        foreach (float value in x)
            bins[(int)((value + 2) * 2)]++;
        double chiSquare = bins.Sum(count => Math.Pow(count - N / 16.0, 2) / (N / 16.0));
        // 15 degrees of freedom: 44.3 is passed once in ten thousand.
        Assert.InRange(chiSquare, 2.5, 44.3);
        AssertNear(0, Correlation(x), 5 / Math.Sqrt(N));
    }

    [Fact]
    public void The_upper_bound_itself_is_never_drawn()
    {
        // Between 1 and its next float but one there are two floats: rounding to nearest would often give the upper bound.
        float high = MathF.BitIncrement(MathF.BitIncrement(1));
        Assert.All(Source.Uniform(1, high, 1000).ToArray(), value => Assert.InRange(value, 1, MathF.BitDecrement(high)));
        Assert.All(Source.Uniform(3, 3, 10).ToArray(), value => Assert.Equal(3, value));
    }

    [Fact]
    public void Normal_numbers_have_the_moments_of_their_distribution()
    {
        float[] x = Source.Normal(3, 2, N).ToArray();
        (double mean, double variance) = Moments(x);
        AssertNear(3, mean, 5 * 2 / Math.Sqrt(N));
        AssertNear(4, variance, 5 * 4 * Math.Sqrt(2.0 / N));
        double skew = x.Average(value => Math.Pow((value - 3) / 2, 3)), kurtosis = x.Average(value => Math.Pow((value - 3) / 2, 4));
        AssertNear(0, skew, 5 * Math.Sqrt(15.0 / N));
        AssertNear(3, kurtosis, 5 * Math.Sqrt(96.0 / N));
        AssertNear(0.682689, x.Count(value => Math.Abs(value - 3) < 2) / (double)N, 5 * Math.Sqrt(0.6827 * 0.3173 / N));
        AssertNear(0, Correlation(x), 5 / Math.Sqrt(N));
    }

    [Fact]
    public void Truncated_normal_numbers_stay_within_two_deviations()
    {
        float[] x = Source.TruncatedNormal(-1, 0.5, N).ToArray();
        Assert.All(x, value => Assert.InRange(value, -2, 0));
        (double mean, double variance) = Moments(x);
        // 0.8796256610342398: the standard deviation of a unit normal cut at ±2, the constant of Keras's VarianceScaling.
        double expected = Math.Pow(0.5 * 0.8796256610342398, 2);
        AssertNear(-1, mean, 5 * Math.Sqrt(expected / N));
        AssertNear(expected, variance, 5 * expected * Math.Sqrt(2.0 / N));
    }

    [Fact]
    public void Whole_numbers_are_equally_likely()
    {
        int[] x = Source.Integers(-3, 4, 70_000).ToArray();
        var counts = new int[7];
        foreach (int value in x)
            counts[value + 3]++;
        double chiSquare = counts.Sum(count => Math.Pow(count - 10_000, 2) / 10_000.0);
        // 6 degrees of freedom: 27.9 is passed once in ten thousand.
        Assert.InRange(chiSquare, 0.2, 27.9);
        Tensor<int> wide = Source.Integers(int.MinValue, int.MaxValue, 1000);
        Assert.InRange(wide.ToArray().Average(value => value / 2147483648.0), -0.1, 0.1);
        Assert.Equal([5, 5, 5], Source.Integers(5, 6, 3).ToArray());
    }

    [Fact]
    public void Permutations_hold_every_number_once_and_every_order_is_equally_likely()
    {
        for (int n = 0; n < 70; n++)
            Assert.Equal(Enumerable.Range(0, n), Source.Permutation(n).Order());
        var seen = new Dictionary<string, int>();
        for (ulong i = 0; i < 24_000; i++)
        {
            string order = string.Join(',', Source.Derive(i).Permutation(4));
            seen[order] = seen.GetValueOrDefault(order) + 1;
        }
        Assert.Equal(24, seen.Count);
        // 23 degrees of freedom: 56 is passed once in ten thousand.
        Assert.InRange(seen.Values.Sum(count => Math.Pow(count - 1000, 2) / 1000.0), 5, 56);
    }

    [Fact]
    public void Parameters_without_meaning_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Source.Uniform(1, 0, 1));
        Assert.Throws<ArgumentException>(() => Source.Uniform(0, double.PositiveInfinity, 1));
        Assert.Throws<ArgumentException>(() => Source.Normal(0, -1, 1));
        Assert.Throws<ArgumentException>(() => Source.TruncatedNormal(double.NaN, 1, 1));
        Assert.Throws<ArgumentException>(() => Source.Integers(3, 3, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Source.Permutation(-1));
        Assert.Equal([0, 2], Source.Uniform(0, 1, 0, 2).Shape);
    }

    private static int Equal(Tensor<float> left, Tensor<float> right)
        => left.ToArray().Zip(right.ToArray()).Count(pair => pair.First == pair.Second);

    private static (double Mean, double Variance) Moments(float[] x)
    {
        double mean = x.Average(value => (double)value);
        return (mean, x.Average(value => (value - mean) * (value - mean)));
    }

    private static double Correlation(float[] x)
    {
        (double mean, double variance) = Moments(x);
        return x.Zip(x.Skip(1)).Average(pair => (pair.First - mean) * (pair.Second - mean)) / variance;
    }

    private static void AssertNear(double expected, double actual, double tolerance) => Assert.InRange(actual, expected - tolerance, expected + tolerance);
}

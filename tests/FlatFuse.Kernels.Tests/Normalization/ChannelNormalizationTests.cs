using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class ChannelNormalizationTests
{
    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void All_passes_agree_with_double_loops(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        IEnumerable<int> channels = KernelSetData.Named(set).IsAccelerated ? Enumerable.Range(1, 35).Concat([64, 67]) : [1, 2, 5, 17];
        foreach (int c in channels)
        {
            foreach (int outer in new[] { 1, 3, 67, 131 })
                Verify(w, new ChannelLayout(outer, c, 1), weighted: outer % 2 == 1 && c % 2 == 0, accumulate: c % 3 == 0);
            foreach (int inner in new[] { 2, 5, 16, 33, 70 })
                Verify(w, new ChannelLayout(3, c, inner), weighted: inner % 2 == 0, accumulate: c % 3 == 0);
        }
        if (KernelSetData.Named(set).IsAccelerated)
        {
            Verify(w, new ChannelLayout(2, 2, 5000), weighted: false, accumulate: false);
            Verify(w, new ChannelLayout(3000, 20, 1), weighted: true, accumulate: false);
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Channels_far_from_zero_keep_their_digits(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        foreach (ChannelLayout layout in new[] { new ChannelLayout(90, 3, 1), new ChannelLayout(2, 3, 45) })
        {
            float[] x = Array.ConvertAll(TestValues.Create((int)layout.Count, 1), value => value + 5000f);
            (double[] means, double[] variances, _) = Measure(w, layout, x, []);
            (double[] wantMeans, double[] wantVariances, _) = Expected(layout, x, []);
            for (int c = 0; c < layout.Channels; c++)
            {
                // x itself is exact; what is left is the rounding of sums of deviations below 1.
                Assert.Equal(wantMeans[c], means[c], 1e-6);
                Assert.Equal(wantVariances[c], variances[c], 1e-6);
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void NaN_and_infinity_stay_in_their_channel(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        foreach (ChannelLayout layout in new[] { new ChannelLayout(5, 21, 1), new ChannelLayout(2, 21, 19) })
        {
            foreach (int bad in new[] { 0, 7, 15, 16, 20 })
            {
                float[] x = TestValues.Create((int)layout.Count, 1);
                x[bad * layout.Inner] = bad % 2 == 0 ? float.NaN : float.PositiveInfinity;
                (double[] means, double[] variances, _) = Measure(w, layout, x, []);
                for (int c = 0; c < layout.Channels; c++)
                {
                    Assert.Equal(c != bad, double.IsFinite(means[c]));
                    Assert.Equal(c != bad, double.IsFinite(variances[c]));
                }
            }
        }
    }

    [Fact]
    public void A_channel_without_entries_has_mean_and_variance_zero_and_wrong_lengths_are_refused()
    {
        var w = new Workers(threads: 1);
        double[] means = [1, 1], variances = [1, 1], counts = [1, 1];
        ChannelNormalizationKernel.Measure(w, new ChannelLayout(2, 2, 1), [1f, 2f, 3f, 4f], [0f, 1f, 0f, 1f], 1e-7, means, variances, counts);
        Assert.Equal([0, 3], means);
        Assert.Equal([0, 1], variances);
        Assert.Equal([1e-7, 2], counts);
        ChannelNormalizationKernel.Measure(w, new ChannelLayout(0, 2, 1), [], [], 1, means, variances, counts);
        Assert.Equal([0, 0], means);
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => ChannelNormalizationKernel.Apply(w, new ChannelLayout(2, 2, 1), new float[4], new float[2], new float[2], new float[3], new float[4]));
        Assert.Equal("ChannelNormalization.Apply: the third numbers of the channels has 3 elements; expected 2. Pass spans that agree with the sizes given.", error.Message);
    }

    private static (double[] Means, double[] Variances, double[] Counts) Measure(Workers w, ChannelLayout layout, ReadOnlySpan<float> x, ReadOnlySpan<float> weights)
    {
        double[] means = new double[layout.Channels], variances = new double[layout.Channels], counts = new double[layout.Channels];
        ChannelNormalizationKernel.Measure(w, layout, x, weights, 1e-7, means, variances, counts);
        return (means, variances, counts);
    }

    private static (double[] Means, double[] Variances, double[] Counts) Expected(ChannelLayout layout, ReadOnlySpan<float> x, ReadOnlySpan<float> weights)
    {
        double[] means = new double[layout.Channels], variances = new double[layout.Channels], counts = new double[layout.Channels];
        double[] wide = Array.ConvertAll(x.ToArray(), value => (double)value), factors = Array.ConvertAll(weights.ToArray(), value => (double)value);
        if (factors.Length == 0)
        {
            factors = new double[wide.Length];
            Array.Fill(factors, 1);
        }
        NaiveNormalization.Channels(layout, wide, factors, means, variances, counts);
        return (means, variances, counts);
    }

    private static void Verify(Workers w, ChannelLayout layout, bool weighted, bool accumulate)
    {
        int count = (int)layout.Count, channels = layout.Channels;
        bool atEnd = channels % 2 == 0;
        using GuardedMemory x = GuardedMemory.CopyOf(TestValues.Create(count, channels), atEnd);
        using GuardedMemory dy = GuardedMemory.CopyOf(TestValues.Create(count, 4), atEnd);
        using GuardedMemory weights = GuardedMemory.CopyOf(weighted ? TestValues.Create(count, 8, 0.1f, 1f) : [], atEnd);
        using GuardedMemory k0 = GuardedMemory.CopyOf(TestValues.Create(channels, 9), atEnd);
        using GuardedMemory k1 = GuardedMemory.CopyOf(TestValues.Create(channels, 10), atEnd);
        using GuardedMemory k2 = GuardedMemory.CopyOf(TestValues.Create(channels, 11), atEnd);
        using GuardedMemory k3 = GuardedMemory.CopyOf(TestValues.Create(channels, 12), atEnd);
        using GuardedMemory y = GuardedMemory.CopyOf(TestValues.Create(count, 5), atEnd);

        (double[] means, double[] variances, double[] counts) = Measure(w, layout, x.Span, weights.Span);
        (double[] wantMeans, double[] wantVariances, double[] wantCounts) = Expected(layout, x.Span, weights.Span);
        // Lanes are added in float within blocks: at most 64 roundings, or those of 4,096 elements over the lanes.
        double sum = Tolerance.Epsilon * Math.Min(layout.Entries, 4096 / w.Kernels.VectorLength + 64);
        for (int c = 0; c < channels; c++)
        {
            Assert.Equal(wantMeans[c], means[c], 2 * sum);
            Assert.Equal(wantVariances[c], variances[c], 4 * sum);
            Assert.Equal(wantCounts[c], counts[c], sum * layout.Entries);
        }

        double[] sums = new double[channels], projections = new double[channels], wantSums = new double[channels], wantProjections = new double[channels];
        double[] wantY = new double[count], wantDX = new double[count];
        for (int i = 0; i < count; i++)
        {
            int c = i / layout.Inner % channels;
            double away = (double)x.Span[i] - k0.Span[c];
            wantY[i] = (away * k1.Span[c]) + k2.Span[c];
            wantSums[c] += dy.Span[i];
            wantProjections[c] += dy.Span[i] * wantY[i];
            double weight = weighted ? weights.Span[i] : 1;
            wantDX[i] = (accumulate ? y.Span[i] : 0) + (k1.Span[c] * dy.Span[i]) - (weight * ((away * k2.Span[c]) + k3.Span[c]));
        }
        ChannelNormalizationKernel.GradientSums(w, layout, x.Span, dy.Span, k0.Span, k1.Span, k2.Span, sums, projections);
        for (int c = 0; c < channels; c++)
        {
            Assert.Equal(wantSums[c], sums[c], sum * layout.Entries);
            Assert.Equal(wantProjections[c], projections[c], 3 * sum * layout.Entries);
        }
        ChannelNormalizationKernel.InputGradient(w, layout, x.Span, dy.Span, weights.Span, k0.Span, k1.Span, k2.Span, k3.Span, y.Span, accumulate);
        // Four products and sums of numbers up to 4.
        Assert.Null(Tolerance.FirstDifference(wantDX, y.Span, 2 * Tolerance.Epsilon, 16 * Tolerance.Epsilon));
        ChannelNormalizationKernel.Apply(w, layout, x.Span, k0.Span, k1.Span, k2.Span, y.Span);
        Assert.Null(Tolerance.FirstDifference(wantY, y.Span, 2 * Tolerance.Epsilon, 8 * Tolerance.Epsilon));
        Assert.True(y.IsSlackUntouched);
    }
}

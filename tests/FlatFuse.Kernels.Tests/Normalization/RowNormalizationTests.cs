using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class RowNormalizationTests
{
    // x̂ carries the rounding of x − c, of the scale and of the shift (a few 2⁻²³ of |x̂| and of 1), the sums over a row 2⁻²³ · terms at most.
    private static double Absolute(int width) => (8 + (width / 8.0)) * Tolerance.Epsilon;

    public static IEnumerable<object[]> Cases
        => from set in KernelSetData.All
           from statistic in Enum.GetValues<RowStatistic>()
           select new object[] { set[0], statistic };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_and_backward_agree_with_double_loops(string set, RowStatistic statistic)
    {
        Workers w = KernelSetData.WorkersOf(set);
        int[] widths = KernelSetData.Named(set).IsAccelerated ? [.. Enumerable.Range(1, 67), 128, 257, 4096, 5000] : [.. Enumerable.Range(1, 35)];
        foreach (int width in widths)
        {
            foreach (int rows in width > 67 ? [3] : new[] { 1, 3, 70 })
                Verify(w, new RowNormalizationShape(statistic, rows, width, 1e-3), affine: width % 3 != 0, accumulate: width % 2 == 0, offset: 0f);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rows_far_from_zero_keep_their_digits(string set, RowStatistic statistic)
    {
        if (statistic != RowStatistic.Deviation)
            return;
        // The mean is 10,000 standard deviations away: one pass over squares would leave nothing.
        Verify(KernelSetData.WorkersOf(set), new RowNormalizationShape(statistic, 3, 45, 1e-3), affine: true, accumulate: false, offset: 5000f);
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Zeros_huge_numbers_and_NaN_stay_in_their_row(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        const int Width = 21;
        var shape = new RowNormalizationShape(RowStatistic.Norm, 4, Width, 0);
        float[] x = new float[4 * Width];
        x.AsSpan(Width, Width).Fill(1e30f);
        x.AsSpan(2 * Width, Width).Fill(2f);
        x[(2 * Width) + 17] = float.NaN;
        x.AsSpan(3 * Width, Width).Fill(-3f);
        float[] y = new float[x.Length], statistics = new float[12], dx = new float[x.Length];
        RowNormalizationKernel.Forward(w, shape, x, [], [], y, statistics);
        float each = 1 / MathF.Sqrt(Width);
        Assert.All(y[..Width], value => Assert.Equal(0f, value));
        Assert.All(y[Width..(2 * Width)], value => Assert.Equal(each, value, 1e-6f));
        Assert.All(y[(2 * Width)..(3 * Width)], value => Assert.True(float.IsNaN(value)));
        Assert.All(y[(3 * Width)..], value => Assert.Equal(-each, value, 1e-6f));
        dx.AsSpan().Fill(7f);
        RowNormalizationKernel.Backward(w, shape, x, [], statistics, TestValues.Create(x.Length, 1), dx, accumulate: false, [], []);
        Assert.All(dx[..Width], value => Assert.Equal(0f, value));
        Assert.All(dx[(3 * Width)..], value => Assert.True(float.IsFinite(value)));

        foreach (int lane in new[] { 0, 1, 7, 15, 16, 20 })
        {
            float[] row = TestValues.Create(Width, 3);
            row[lane] = float.PositiveInfinity;
            RowNormalizationKernel.Forward(w, new RowNormalizationShape(RowStatistic.Deviation, 1, Width, 1e-3), row, [], [], row, statistics.AsSpan(0, 3));
            Assert.All(row, value => Assert.True(float.IsNaN(value)));
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void A_row_has_the_same_bits_alone_and_beside_others(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        const int Rows = 7, Width = 37;
        float[] x = TestValues.Create(Rows * Width, 1), gamma = TestValues.Create(Width, 2), beta = TestValues.Create(Width, 3);
        // One row's squares leave the range of float, one has no mean: both are measured once more, by themselves.
        x.AsSpan(2 * Width, Width).Fill(1e30f);
        x[2 * Width] = -1e30f;
        x[(5 * Width) + 3] = float.PositiveInfinity;
        float[] y = new float[x.Length], alone = new float[Width];
        RowNormalizationKernel.Forward(w, new RowNormalizationShape(RowStatistic.Deviation, Rows, Width, 1e-3), x, gamma, beta, y, new float[3 * Rows]);
        for (int row = 0; row < Rows; row++)
        {
            RowNormalizationKernel.Forward(w, new RowNormalizationShape(RowStatistic.Deviation, 1, Width, 1e-3), x.AsSpan(row * Width, Width), gamma, beta, alone, new float[3]);
            Assert.Null(Tolerance.FirstBitDifference(alone, y[(row * Width)..((row + 1) * Width)]));
            Assert.All(alone, value => Assert.Equal(row == 5, float.IsNaN(value)));
        }
    }

    [Fact]
    public void Empty_rows_write_zero_sums_and_wrong_lengths_are_refused()
    {
        var w = new Workers(threads: 1);
        float[] dgamma = [1f, 2f];
        RowNormalizationKernel.Backward(w, new RowNormalizationShape(RowStatistic.Deviation, 0, 2, 1e-3), [], [], [], [], [], accumulate: false, dgamma, []);
        Assert.Equal([0f, 0f], dgamma);
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => RowNormalizationKernel.Forward(w, new RowNormalizationShape(RowStatistic.Deviation, 2, 3, 1e-3), new float[6], new float[2], [], new float[6], new float[6]));
        Assert.Equal("RowNormalization.Forward: gamma has 2 elements; expected 3. Pass spans that agree with the sizes given.", error.Message);
    }

    private static void Verify(Workers w, RowNormalizationShape shape, bool affine, bool accumulate, float offset)
    {
        int count = (int)shape.Count, width = shape.Width;
        bool atEnd = width % 2 == 0;
        float[] values = Array.ConvertAll(TestValues.Create(count, width), value => value + offset);
        using GuardedMemory x = GuardedMemory.CopyOf(values, atEnd);
        using GuardedMemory gamma = GuardedMemory.CopyOf(affine ? TestValues.Create(width, 2, 0.5f, 1.5f) : [], atEnd);
        using GuardedMemory beta = GuardedMemory.CopyOf(affine ? TestValues.Create(width, 3) : [], atEnd);
        using GuardedMemory dy = GuardedMemory.CopyOf(TestValues.Create(count, 4), atEnd);
        using GuardedMemory y = GuardedMemory.CopyOf(new float[count], atEnd);
        using GuardedMemory statistics = GuardedMemory.CopyOf(new float[3 * shape.Rows], atEnd);
        using GuardedMemory dx = GuardedMemory.CopyOf(TestValues.Create(count, 5), atEnd);
        using GuardedMemory dgamma = GuardedMemory.CopyOf(TestValues.Create(width, 6), atEnd);
        using GuardedMemory dbeta = GuardedMemory.CopyOf(TestValues.Create(width, 7), atEnd);

        double[] standard = new double[count], scales = new double[shape.Rows], g = new double[count], wantDX = new double[count], wantY = new double[count];
        double[] wantGamma = new double[width], wantBeta = new double[width];
        NaiveNormalization.Rows(shape, Array.ConvertAll(values, value => (double)value), standard, scales);
        for (int i = 0; i < width; i++)
            (wantGamma[i], wantBeta[i]) = accumulate ? (dgamma.Span[i], dbeta.Span[i]) : (0, 0);
        for (int i = 0; i < count; i++)
        {
            double factor = affine ? gamma.Span[i % width] : 1;
            g[i] = dy.Span[i] * factor;
            wantY[i] = (standard[i] * factor) + (affine ? beta.Span[i % width] : 0);
            wantGamma[i % width] += dy.Span[i] * standard[i];
            wantBeta[i % width] += dy.Span[i];
        }
        NaiveNormalization.RowGradients(shape, standard, scales, g, wantDX);
        double largestScale = 0;
        foreach (double scale in scales)
            largestScale = Math.Max(largestScale, scale);
        if (accumulate)
        {
            for (int i = 0; i < count; i++)
                wantDX[i] += dx.Span[i];
        }

        RowNormalizationKernel.Forward(w, shape, x.Span, gamma.Span, beta.Span, y.Span, statistics.Span);
        RowNormalizationKernel.Backward(w, shape, x.Span, gamma.Span, statistics.Span, dy.Span, dx.Span, accumulate, dgamma.Span, dbeta.Span, accumulate, accumulate);
        double each = Absolute(width);
        Assert.Null(Tolerance.FirstDifference(wantY, y.Span, 4 * Tolerance.Epsilon, each));
        Assert.Null(Tolerance.FirstDifference(wantDX, dx.Span, 8 * Tolerance.Epsilon, each * (1 + largestScale) * 2));
        // A column's sum has one term a row, each as exact as x̂.
        Assert.Null(Tolerance.FirstDifference(wantGamma, dgamma.Span, 8 * Tolerance.Epsilon, each * (1 + shape.Rows)));
        Assert.Null(Tolerance.FirstDifference(wantBeta, dbeta.Span, 8 * Tolerance.Epsilon, each * (1 + shape.Rows)));
        Assert.True(y.IsSlackUntouched && dx.IsSlackUntouched && dgamma.IsSlackUntouched && dbeta.IsSlackUntouched && statistics.IsSlackUntouched);
    }
}

using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class DepthwiseConv1DTests
{
    private static readonly ConvolutionPadding[] Paddings = [ConvolutionPadding.Valid, ConvolutionPadding.Same, ConvolutionPadding.Causal];

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Every_window_agrees_with_the_naive_loops(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        bool fast = w.Kernels.IsAccelerated;
        int number = 0;
        foreach (int length in fast ? (int[])[1, 2, 5, 9, 16] : [5])
        {
            for (int kernel = 1; kernel <= 4; kernel++)
            {
                foreach ((int stride, int dilation) in ((int, int)[])[(1, 1), (2, 1), (3, 1), (1, 2), (1, 5), (2, 3)])
                {
                    foreach (ConvolutionPadding padding in Paddings)
                    {
                        number++;
                        if (padding == ConvolutionPadding.Valid && ((kernel - 1) * dilation) + 1 > length)
                            continue;
                        int channels = 1 + (number * 7 % 41), multiplier = 1 + (number % 3);
                        Check(w, Conv1DShape.Create(2, length, channels, channels * multiplier, kernel, stride, dilation, padding), accumulate: number % 2 == 0);
                    }
                }
            }
        }
        if (fast)
            Check(w, Conv1DShape.Create(3, 60, 70, 140, 3, 1, 1, ConvolutionPadding.Same), accumulate: true);
    }

    [Theory]
    [MemberData(nameof(KernelSetData.Accelerated), MemberType = typeof(KernelSetData))]
    public void The_number_of_threads_changes_no_bit(string set)
    {
        var s = Conv1DShape.Create(7, 30, 45, 90, 3, 1, 2, ConvolutionPadding.Same);
        float[] x = TestValues.Create(7 * 30 * 45, 1), kernel = TestValues.Create(3 * 90, 2), dy = TestValues.Create(7 * 30 * 90, 3), bias = TestValues.Create(90, 4);
        float[][]? one = null;
        for (int threads = 1; threads <= 3; threads++)
        {
            Workers w = KernelSetData.WorkersOf(set, threads);
            float[][] now = [new float[dy.Length], new float[x.Length], new float[kernel.Length]];
            DepthwiseConv1DKernel.Forward(w, s, x, kernel, bias, now[0]);
            DepthwiseConv1DKernel.InputGradient(w, s, dy, kernel, now[1], accumulate: false);
            DepthwiseConv1DKernel.WeightGradient(w, s, x, dy, now[2], accumulate: false);
            one ??= now;
            for (int i = 0; i < 3; i++)
                Assert.Null(Tolerance.FirstBitDifference(one[i], now[i]));
        }
    }

    [Fact]
    public void Gradients_are_the_derivatives_of_the_definition()
    {
        // Linear in x and in the kernel: <dy, conv(x, k)> = <dx, x> = <dk, k> up to rounding.
        foreach (ConvolutionPadding padding in Paddings)
        {
            var s = Conv1DShape.Create(2, 11, 3, 6, 3, 2, 2, padding);
            float[] x = TestValues.Create(66, 1), kernel = TestValues.Create(18, 2), dy = TestValues.Create(2 * s.OutputLength * 6, 3);
            float[] y = new float[dy.Length], dx = new float[x.Length], dk = new float[kernel.Length];
            NaiveDepthwiseConv1D.Forward(s, x, kernel, [], y);
            NaiveDepthwiseConv1D.InputGradient(s, dy, kernel, dx, accumulate: false);
            NaiveDepthwiseConv1D.WeightGradient(s, x, dy, dk, accumulate: false);
            Assert.Equal(Dot(dy, y), Dot(dx, x), 1e-5);
            Assert.Equal(Dot(dy, y), Dot(dk, kernel), 1e-5);
        }
    }

    [Fact]
    public void Sizes_that_do_not_agree_are_refused()
    {
        var w = new Workers(threads: 1);
        var odd = Conv1DShape.Create(1, 6, 2, 3, 2, 1, 1, ConvolutionPadding.Valid);
        Assert.Contains("no multiple", Assert.Throws<ArgumentException>(() => DepthwiseConv1DKernel.Forward(w, odd, new float[12], new float[6], [], new float[15])).Message);
        var s = Conv1DShape.Create(1, 6, 2, 4, 2, 1, 1, ConvolutionPadding.Valid);
        Assert.Contains("kernel has 16", Assert.Throws<ArgumentException>(() => DepthwiseConv1DKernel.Forward(w, s, new float[12], new float[16], [], new float[20])).Message);
        Assert.Contains("dx has 1", Assert.Throws<ArgumentException>(() => DepthwiseConv1DKernel.InputGradient(w, s, new float[20], new float[8], new float[1], false)).Message);
        Assert.Contains("dkernel has 1", Assert.Throws<ArgumentException>(() => DepthwiseConv1DKernel.WeightGradient(w, s, new float[12], new float[20], new float[1], false)).Message);
        DepthwiseConv1DKernel.Forward(w, Conv1DShape.Create(0, 6, 2, 4, 2, 1, 1, ConvolutionPadding.Valid), [], new float[8], [], []);
    }

    private static void Check(Workers w, Conv1DShape s, bool accumulate)
    {
        int inputs = s.Batch * s.Length * s.Channels, outputs = s.Batch * s.OutputLength * s.Filters, weights = s.KernelSize * s.Filters;
        using var x = GuardedMemory.CopyOf(TestValues.Create(inputs, 1));
        using var kernel = GuardedMemory.CopyOf(TestValues.Create(weights, 2));
        using var bias = GuardedMemory.CopyOf(TestValues.Create(s.Filters, 3));
        using var dy = GuardedMemory.CopyOf(TestValues.Create(outputs, 4));
        using var y = GuardedMemory.CopyOf(TestValues.Create(outputs, 5));
        using var dx = GuardedMemory.CopyOf(TestValues.Create(inputs, 6));
        using var dk = GuardedMemory.CopyOf(TestValues.Create(weights, 7));
        float[] wantY = y.Span.ToArray(), wantDx = dx.Span.ToArray(), wantDk = dk.Span.ToArray();

        DepthwiseConv1DKernel.Forward(w, s, x.Span, kernel.Span, bias.Span, y.Span);
        NaiveDepthwiseConv1D.Forward(s, x.Span, kernel.Span, bias.Span, wantY);
        Same(w, s, "Forward", wantY, y.Span, s.KernelSize);
        DepthwiseConv1DKernel.Forward(w, s, x.Span, kernel.Span, [], y.Span);
        NaiveDepthwiseConv1D.Forward(s, x.Span, kernel.Span, [], wantY);
        Same(w, s, "Forward without bias", wantY, y.Span, s.KernelSize);
        DepthwiseConv1DKernel.InputGradient(w, s, dy.Span, kernel.Span, dx.Span, accumulate);
        NaiveDepthwiseConv1D.InputGradient(s, dy.Span, kernel.Span, wantDx, accumulate);
        Same(w, s, "InputGradient", wantDx, dx.Span, s.KernelSize * (s.Filters / s.Channels));
        DepthwiseConv1DKernel.WeightGradient(w, s, x.Span, dy.Span, dk.Span, accumulate);
        NaiveDepthwiseConv1D.WeightGradient(s, x.Span, dy.Span, wantDk, accumulate);
        Same(w, s, "WeightGradient", wantDk, dk.Span, s.Batch * s.OutputLength);
        Assert.True(y.IsSlackUntouched && dx.IsSlackUntouched && dk.IsSlackUntouched, $"{w.Kernels} {s}: memory in front of a result was written.");
    }

    // As for Conv1D: n + 2 roundings (for long sums 8 roots of that, 5 standard deviations) at partial sums of random terms below √n + 2.
    private static void Same(Workers w, Conv1DShape s, string operation, ReadOnlySpan<float> want, ReadOnlySpan<float> got, int terms)
    {
        double bound = Math.Min(terms + 2, 8 * Math.Sqrt(terms + 2)) * (Math.Sqrt(terms) + 2) * Tolerance.Epsilon;
        for (int i = 0; i < want.Length; i++)
        {
            Assert.True(Math.Abs((double)got[i] - want[i]) <= bound,
                $"{w.Kernels} {operation} {s}: element {i} expected {want[i]:R}, got {got[i]:R}, bound {bound:R}");
        }
    }

    private static double Dot(float[] left, float[] right) => left.Zip(right, (a, b) => (double)a * b).Sum();
}

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
                        Of(w, Conv1DShape.Create(2, length, channels, channels * multiplier, kernel, stride, dilation, padding)).Agrees(accumulate: number % 2 == 0);
                    }
                }
            }
        }
        if (fast)
            Of(w, Conv1DShape.Create(3, 60, 70, 140, 3, 1, 1, ConvolutionPadding.Same)).Agrees(accumulate: true);
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void NaN_and_infinity_reach_exactly_what_depends_on_them(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        foreach (ConvolutionPadding padding in Paddings)
        {
            foreach ((int multiplier, int stride, int dilation) in ((int, int, int)[])[(1, 1, 1), (2, 2, 1), (3, 1, 2)])
                Of(w, Conv1DShape.Create(2, 21, 19, 19 * multiplier, 3, stride, dilation, padding)).NaNReachesWhatDependsOnIt();
        }
    }

    [Fact]
    public void Gradients_are_the_derivatives_of_the_definition()
    {
        foreach (ConvolutionPadding padding in Paddings)
            Of(new Workers(threads: 1), Conv1DShape.Create(2, 11, 3, 6, 3, 2, 2, padding)).GradientsAreDerivatives();
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

    private static ConvolutionCheck Of(Workers w, Conv1DShape s) => new(
        $"{w.Kernels} {s}",
        (s.Batch * s.Length * s.Channels, s.KernelSize * s.Filters, s.Batch * s.OutputLength * s.Filters, s.Filters),
        (s.KernelSize, s.KernelSize * (s.Filters / s.Channels), s.Batch * s.OutputLength),
        new ConvolutionOperations(
            (x, kernel, bias, _, y) => DepthwiseConv1DKernel.Forward(w, s, x, kernel, bias, y),
            (dy, kernel, dx, accumulate) => DepthwiseConv1DKernel.InputGradient(w, s, dy, kernel, dx, accumulate),
            (x, dy, dkernel, accumulate) => DepthwiseConv1DKernel.WeightGradient(w, s, x, dy, dkernel, accumulate)),
        new ConvolutionOperations(
            (x, kernel, bias, _, y) => NaiveDepthwiseConv1D.Forward(s, x, kernel, bias, y),
            (dy, kernel, dx, accumulate) => NaiveDepthwiseConv1D.InputGradient(s, dy, kernel, dx, accumulate),
            (x, dy, dkernel, accumulate) => NaiveDepthwiseConv1D.WeightGradient(s, x, dy, dkernel, accumulate)));
}

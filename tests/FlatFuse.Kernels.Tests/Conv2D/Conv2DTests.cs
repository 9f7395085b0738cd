using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class Conv2DTests
{
    public static IEnumerable<object[]> Accelerated => KernelSetData.Accelerated;

    public static IEnumerable<object[]> All => KernelSetData.All;

    private static readonly ConvolutionPadding[] Paddings = [ConvolutionPadding.Valid, ConvolutionPadding.Same];

    [Theory]
    [MemberData(nameof(All))]
    public void Small_shapes_agree_with_the_naive_loops(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        bool fast = w.Kernels.IsAccelerated;
        int number = 0;
        foreach ((int rows, int columns) in fast ? ((int, int)[])[(1, 1), (3, 2), (5, 7), (2, 17)] : [(4, 3)])
        {
            foreach ((int kernelRows, int kernelColumns) in ((int, int)[])[(1, 1), (2, 3), (3, 1), (4, 2)])
            {
                foreach ((int strideRows, int strideColumns) in ((int, int)[])[(1, 1), (2, 1), (1, 3), (2, 2)])
                {
                    foreach ((int dilationRows, int dilationColumns) in ((int, int)[])[(1, 1), (2, 1), (1, 2), (3, 2)])
                    {
                        foreach (ConvolutionPadding padding in Paddings)
                        {
                            number++;
                            bool fits = ((kernelRows - 1) * dilationRows) < rows && ((kernelColumns - 1) * dilationColumns) < columns;
                            if (padding == ConvolutionPadding.Valid && !fits)
                                continue;
                            WindowAxis height = WindowAxis.Create("test", "rows", rows, kernelRows, strideRows, dilationRows, padding);
                            WindowAxis width = WindowAxis.Create("test", "columns", columns, kernelColumns, strideColumns, dilationColumns, padding);
                            Check(w, Conv2DShape.Create(2, height, width, 1 + (number % 4), 1 + (number * 5 % 20)), accumulate: number % 2 == 0);
                        }
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Larger_shapes_agree(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        foreach (ConvolutionPadding padding in Paddings)
        {
            Check(w, Shape(3, 28, 28, 1, 32, 3, 1, 1, padding));
            Check(w, Shape(2, 13, 14, 32, 33, 3, 1, 1, padding), accumulate: true);
            Check(w, Shape(2, 15, 15, 10, 17, 5, 2, 1, padding), accumulate: true);
            Check(w, Shape(1, 20, 9, 7, 40, 3, 1, 2, padding));
            Check(w, Shape(1, 40, 40, 16, 16, 1, 1, 1, padding));
            Check(w, Shape(1, 9, 8, 300, 20, 2, 1, 1, padding));
        }
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void The_number_of_threads_changes_no_bit(string set)
    {
        foreach (ConvolutionPadding padding in Paddings)
        {
            foreach ((int batch, int stride, int dilation) in ((int, int, int)[])[(5, 1, 1), (1, 1, 2), (12, 2, 1)])
            {
                Conv2DShape s = Shape(batch, 19, 22, 9, 21, 3, stride, dilation, padding);
                float[] one = Of(KernelSetData.WorkersOf(set), s).Results();
                for (int threads = 2; threads <= 3; threads++)
                    Assert.Null(Tolerance.FirstBitDifference(one, Of(KernelSetData.WorkersOf(set, threads), s).Results()));
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void NaN_and_infinity_reach_exactly_what_depends_on_them(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        foreach (ConvolutionPadding padding in Paddings)
        {
            foreach ((int batch, int stride, int dilation) in ((int, int, int)[])[(2, 1, 1), (2, 2, 1), (3, 1, 2), (8, 1, 1)])
                Of(w, Shape(batch, 7, 9, 5, 19, 3, stride, dilation, padding)).NaNReachesWhatDependsOnIt();
        }
    }

    [Fact]
    public void Gradients_are_the_derivatives_of_the_definition()
    {
        foreach (ConvolutionPadding padding in Paddings)
            Of(new Workers(threads: 1), Shape(2, 7, 8, 3, 4, 3, 2, 2, padding)).GradientsAreDerivatives();
    }

    [Fact]
    public void Output_lengths_and_padding_are_those_of_Keras()
    {
        void Is(int length, int window, int stride, int dilation, ConvolutionPadding padding, int output, int before)
        {
            WindowAxis axis = WindowAxis.Create("test", "rows", length, window, stride, dilation, padding);
            Assert.Equal((output, before), (axis.OutputLength, axis.PaddingBefore));
        }
        Is(28, 3, 1, 1, ConvolutionPadding.Valid, 26, 0);
        Is(10, 3, 2, 2, ConvolutionPadding.Valid, 3, 0);
        Is(28, 3, 1, 1, ConvolutionPadding.Same, 28, 1);
        Is(10, 4, 1, 1, ConvolutionPadding.Same, 10, 1);
        Is(10, 3, 2, 1, ConvolutionPadding.Same, 5, 0);
        Is(11, 3, 2, 1, ConvolutionPadding.Same, 6, 1);
        Is(10, 1, 3, 1, ConvolutionPadding.Same, 4, 0);
        Is(0, 3, 1, 1, ConvolutionPadding.Same, 0, 0);
    }

    [Fact]
    public void Windows_that_do_not_fit_and_sizes_out_of_range_are_refused()
    {
        string message = Assert.Throws<ArgumentException>(() => WindowAxis.Create("Conv2D", "rows", 6, 4, 1, 2, ConvolutionPadding.Valid)).Message;
        Assert.Contains("spans 7 rows", message);
        Assert.Contains("input of 6", message);
        Assert.Contains("causal", Assert.Throws<ArgumentException>(() => WindowAxis.Create("Conv2D", "rows", 6, 4, 1, 1, ConvolutionPadding.Causal)).Message, StringComparison.OrdinalIgnoreCase);
        Assert.Throws<ArgumentException>(() => WindowAxis.Create("Conv2D", "rows", 6, 0, 1, 1, ConvolutionPadding.Valid));
        Assert.Throws<ArgumentException>(() => WindowAxis.Create("Conv2D", "rows", -1, 1, 1, 1, ConvolutionPadding.Same));
        WindowAxis axis = WindowAxis.Create("Conv2D", "rows", 6, 1, 1, 1, ConvolutionPadding.Valid);
        Assert.Throws<ArgumentException>(() => Conv2DShape.Create(1, axis, axis, 0, 1));
        Assert.Throws<ArgumentException>(() => Conv2DShape.Create(1, axis, default, 1, 1));
    }

    [Fact]
    public void Spans_of_a_wrong_length_are_refused_by_name()
    {
        var w = new Workers(threads: 1);
        Conv2DShape s = Shape(1, 3, 3, 2, 3, 2, 1, 1, ConvolutionPadding.Valid);
        Assert.Contains("x has 17", Assert.Throws<ArgumentException>(() => Conv2DKernel.Forward(w, s, new float[17], new float[24], [], default, new float[12])).Message);
        Assert.Contains("bias has 2", Assert.Throws<ArgumentException>(() => Conv2DKernel.Forward(w, s, new float[18], new float[24], new float[2], default, new float[12])).Message);
        Assert.Contains("dx has 1", Assert.Throws<ArgumentException>(() => Conv2DKernel.InputGradient(w, s, new float[12], new float[24], new float[1], false)).Message);
        Assert.Contains("dkernel has 1", Assert.Throws<ArgumentException>(() => Conv2DKernel.WeightGradient(w, s, new float[18], new float[12], new float[1], false)).Message);
    }

    [Fact]
    public void Without_images_gradients_are_zero_or_stay()
    {
        var w = new Workers(threads: 1);
        float[] kernel = [1, 2, 3, 4];
        Conv2DShape none = Shape(0, 5, 5, 1, 1, 2, 1, 1, ConvolutionPadding.Valid);
        Conv2DKernel.WeightGradient(w, none, [], [], kernel, accumulate: true);
        Assert.Equal([1, 2, 3, 4], kernel);
        Conv2DKernel.WeightGradient(w, none, [], [], kernel, accumulate: false);
        Assert.Equal([0, 0, 0, 0], kernel);
        Conv2DKernel.Forward(w, none, [], kernel, [], default, []);
        Conv2DKernel.InputGradient(w, Shape(2, 0, 3, 1, 1, 2, 1, 1, ConvolutionPadding.Same), [], kernel, [], accumulate: false);
    }

    [Fact]
    public void A_repeated_step_allocates_nothing()
    {
        var w = new Workers(threads: 1);
        Conv2DShape s = Shape(2, 10, 10, 3, 5, 3, 1, 1, ConvolutionPadding.Same);
        float[] x = new float[s.InputElements], kernel = new float[s.KernelElements], y = new float[s.OutputElements];
        long least = Allocations.Least(() =>
        {
            Conv2DKernel.Forward(w, s, x, kernel, [], ActivationKind.ReLU, y);
            Conv2DKernel.InputGradient(w, s, y, kernel, x, accumulate: true);
            Conv2DKernel.WeightGradient(w, s, x, y, kernel, accumulate: true);
        });
        Assert.Equal(0, least);
    }

    private static Conv2DShape Shape(int batch, int rows, int columns, int channels, int filters, int kernel, int stride, int dilation, ConvolutionPadding padding)
        => Conv2DShape.Create(
            batch, WindowAxis.Create("test", "rows", rows, kernel, stride, dilation, padding), WindowAxis.Create("test", "columns", columns, kernel, stride, dilation, padding), channels, filters);

    private static void Check(Workers w, Conv2DShape s, bool accumulate = false)
        => Of(w, s).Agrees(accumulate, accumulate ? ActivationKind.Sigmoid : ActivationKind.ReLU);

    private static ConvolutionCheck Of(Workers w, Conv2DShape s) => new(
        $"{w.Kernels} {s}",
        ((int)s.InputElements, (int)s.KernelElements, (int)s.OutputElements, s.Filters),
        (s.Taps * s.Channels, s.Taps * s.Filters, s.Batch * s.Rows.OutputLength * s.Columns.OutputLength),
        new ConvolutionOperations(
            (x, kernel, bias, activation, y) => Conv2DKernel.Forward(w, s, x, kernel, bias, activation, y),
            (dy, kernel, dx, accumulate) => Conv2DKernel.InputGradient(w, s, dy, kernel, dx, accumulate),
            (x, dy, dkernel, accumulate) => Conv2DKernel.WeightGradient(w, s, x, dy, dkernel, accumulate)),
        new ConvolutionOperations(
            (x, kernel, bias, activation, y) => NaiveConv2D.Forward(s, x, kernel, bias, activation, y),
            (dy, kernel, dx, accumulate) => NaiveConv2D.InputGradient(s, dy, kernel, dx, accumulate),
            (x, dy, dkernel, accumulate) => NaiveConv2D.WeightGradient(s, x, dy, dkernel, accumulate)));
}

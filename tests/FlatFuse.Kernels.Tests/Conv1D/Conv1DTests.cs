using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class Conv1DTests
{
    public static IEnumerable<object[]> Accelerated => KernelSetData.Accelerated;

    public static IEnumerable<object[]> All => KernelSetData.All;

    private static readonly ConvolutionPadding[] Paddings = [ConvolutionPadding.Valid, ConvolutionPadding.Same, ConvolutionPadding.Causal];

    [Theory]
    [MemberData(nameof(All))]
    public void Small_shapes_agree_with_the_naive_loops(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        bool fast = w.Kernels.IsAccelerated;
        foreach (int length in fast ? (int[])[1, 2, 5, 9, 16] : [5])
        {
            for (int kernel = 1; kernel <= (fast ? 5 : 3); kernel += fast ? 1 : 2)
            {
                for (int stride = 1; stride <= 3; stride++)
                {
                    for (int dilation = 1; dilation <= 3; dilation++)
                    {
                        foreach (ConvolutionPadding padding in Paddings)
                        {
                            if (padding == ConvolutionPadding.Valid && ((kernel - 1) * dilation) + 1 > length)
                                continue;
                            int channels = 1 + ((length + kernel) % 4), filters = 1 + ((kernel * 5) + stride + (dilation * 2)) % 20;
                            Check(w, Conv1DShape.Create(2, length, channels, filters, kernel, stride, dilation, padding), (stride & 1) == 0);
                        }
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Shapes_of_real_models_agree(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        foreach (ConvolutionPadding padding in Paddings)
        {
            Check(w, Conv1DShape.Create(3, 100, 64, 64, 3, 1, 1, padding), accumulate: true);
            Check(w, Conv1DShape.Create(5, 150, 10, 32, 5, 1, 1, padding));
            Check(w, Conv1DShape.Create(2, 146, 32, 33, 3, 2, 1, padding));
            Check(w, Conv1DShape.Create(7, 60, 50, 17, 3, 1, 2, padding), accumulate: true);
            Check(w, Conv1DShape.Create(1, 700, 6, 40, 7, 1, 1, padding));
            Check(w, Conv1DShape.Create(1, 90, 130, 1, 4, 3, 2, padding));
            // The weight gradient in parts of the batch: 19 sequences are 6 parts of 3 and one of 1.
            Check(w, Conv1DShape.Create(19, 60, 9, 21, 3, 1, 1, padding), accumulate: true);
            Check(w, Conv1DShape.Create(8, 97, 24, 33, 3, 2, 1, padding));
        }
        Check(w, Conv1DShape.Create(60, 10, 3, 8, 3, 1, 1, ConvolutionPadding.Same));
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Columns_that_whole_vectors_leave_over_agree(string set)
    {
        // Of y and of dx: 1 to 4 alone and behind vectors of 16, 8 and 4, with sums that pay for dot products and are no whole number of vectors.
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        foreach (ConvolutionPadding padding in Paddings)
        {
            Check(w, Conv1DShape.Create(18, 33, 50, 33, 3, 1, 1, padding), accumulate: true);
            Check(w, Conv1DShape.Create(6, 90, 35, 3, 3, 1, 1, padding));
            Check(w, Conv1DShape.Create(1, 530, 17, 52, 7, 1, 1, padding), accumulate: true);
        }
        foreach (int columns in (int[])[1, 2, 3, 4, 17, 18, 34, 36])
        {
            Check(w, Conv1DShape.Create(9, 60, 32, columns, 3, 1, 1, ConvolutionPadding.Same), accumulate: columns % 2 == 0);
            Check(w, Conv1DShape.Create(9, 60, columns, 33, 3, 1, 1, ConvolutionPadding.Valid), accumulate: columns % 2 != 0);
        }
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Rows_side_by_side_agree(string set)
    {
        // Of y and of dx: two to sixteen rows, that divide a sequence and do not, whole vectors and not, in one block and in more, with steps; the sums of some are several blocks.
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        foreach (ConvolutionPadding padding in Paddings)
        {
            foreach (int filters in (int[])[1, 2, 3, 4, 5, 6, 8, 10, 20, 24])
            {
                Check(w, Conv1DShape.Create(9, 60 + (filters % 3), 6, filters, 9, 1, 1, padding));
                Check(w, Conv1DShape.Create(18, 63, filters, 5, 7, 1 + (filters % 2), 1, padding), accumulate: filters == 4);
            }
            Check(w, Conv1DShape.Create(1, 1201, 5, 8, 5, 1, 1, padding));
            Check(w, Conv1DShape.Create(2, 700, 130, 8, 3, 2, 1, padding));
        }
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void The_number_of_threads_changes_no_bit(string set)
    {
        foreach (ConvolutionPadding padding in Paddings)
        {
            foreach ((int batch, int length, int stride, int dilation) in ((int, int, int, int)[])[(9, 100, 1, 1), (1, 600, 1, 2), (12, 90, 2, 1), (40, 12, 1, 1)])
            {
                var s = Conv1DShape.Create(batch, length, 34, 50, 3, stride, dilation, padding);
                float[] one = Of(KernelSetData.WorkersOf(set), s).Results();
                for (int threads = 2; threads <= 3; threads++)
                    Assert.Null(Tolerance.FirstBitDifference(one, Of(KernelSetData.WorkersOf(set, threads), s).Results()));
                s = Conv1DShape.Create(batch, length + 500, 10, 8, 5, stride, 1, padding);
                one = Of(KernelSetData.WorkersOf(set), s).Results();
                Assert.Null(Tolerance.FirstBitDifference(one, Of(KernelSetData.WorkersOf(set, threads: 2), s).Results()));
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
                Of(w, Conv1DShape.Create(batch, 21, 5, 19, 3, stride, dilation, padding)).NaNReachesWhatDependsOnIt();
            Of(w, Conv1DShape.Create(26, 21, 17, 18, 3, 1, 1, padding)).NaNReachesWhatDependsOnIt();
            // Rows side by side, in the middle of a sequence and left over at its end (one long one: infinity stands in its middle; two steps: at the end).
            foreach (int steps in (int[])[520, 525, 1043])
                Of(w, Conv1DShape.Create(1 + (steps % 2), steps, 8, 8, 5, 1, 1, padding)).NaNReachesWhatDependsOnIt();
            Of(w, Conv1DShape.Create(64, 14, 8, 4, 5, 1, 1, padding)).NaNReachesWhatDependsOnIt();
        }
    }

    [Fact]
    public void Gradients_are_the_derivatives_of_the_definition()
    {
        foreach (ConvolutionPadding padding in Paddings)
            Of(new Workers(threads: 1), Conv1DShape.Create(2, 11, 3, 4, 3, 2, 2, padding)).GradientsAreDerivatives();
    }

    [Fact]
    public void Output_lengths_and_padding_are_those_of_Keras()
    {
        void Is(int length, int kernel, int stride, int dilation, ConvolutionPadding padding, int output, int before)
        {
            var s = Conv1DShape.Create(1, length, 1, 1, kernel, stride, dilation, padding);
            Assert.Equal((output, before), (s.OutputLength, s.PaddingBefore));
        }
        Is(100, 3, 1, 1, ConvolutionPadding.Valid, 98, 0);
        Is(10, 3, 2, 2, ConvolutionPadding.Valid, 3, 0);
        Is(5, 5, 3, 1, ConvolutionPadding.Valid, 1, 0);
        Is(100, 3, 1, 1, ConvolutionPadding.Same, 100, 1);
        Is(10, 4, 1, 1, ConvolutionPadding.Same, 10, 1);
        Is(10, 3, 2, 1, ConvolutionPadding.Same, 5, 0);
        Is(11, 3, 2, 1, ConvolutionPadding.Same, 6, 1);
        Is(10, 1, 3, 1, ConvolutionPadding.Same, 4, 0);
        Is(10, 3, 1, 2, ConvolutionPadding.Causal, 10, 4);
        Is(10, 3, 3, 1, ConvolutionPadding.Causal, 4, 2);
        Is(2, 5, 1, 1, ConvolutionPadding.Causal, 2, 4);
        Is(0, 3, 1, 1, ConvolutionPadding.Same, 0, 0);
    }

    [Fact]
    public void A_transposed_shape_has_the_lengths_of_Keras()
    {
        void Is(int length, int kernel, int stride, int dilation, ConvolutionPadding padding, int? extra, int output, int before)
        {
            var s = Conv1DShape.CreateTransposed(1, length, 2, 3, kernel, stride, dilation, padding, extra);
            Assert.Equal((output, before, length, 3, 2), (s.Length, s.PaddingBefore, s.OutputLength, s.Channels, s.Filters));
        }
        Is(4, 4, 2, 1, ConvolutionPadding.Valid, null, 10, 0);
        Is(4, 2, 3, 1, ConvolutionPadding.Valid, null, 12, 0);
        Is(4, 3, 2, 1, ConvolutionPadding.Valid, 1, 10, 0);
        Is(4, 4, 2, 1, ConvolutionPadding.Same, null, 8, 1);
        Is(4, 3, 2, 1, ConvolutionPadding.Same, 0, 7, 1);
        Is(4, 5, 3, 1, ConvolutionPadding.Same, 2, 12, 1);
        Is(4, 3, 1, 2, ConvolutionPadding.Same, null, 4, 2);
        Is(0, 3, 2, 1, ConvolutionPadding.Valid, null, 0, 0);
        Assert.Contains("below the stride 2", Assert.Throws<ArgumentException>(() => Conv1DShape.CreateTransposed(1, 4, 1, 1, 3, 2, 1, ConvolutionPadding.Valid, 2)).Message);
        Assert.Contains("Causal", Assert.Throws<ArgumentException>(() => Conv1DShape.CreateTransposed(1, 4, 1, 1, 3, 2, 1, ConvolutionPadding.Causal)).Message);
        Assert.Throws<ArgumentException>(() => Conv1DShape.CreateTransposed(1, 4, 0, 1, 3, 2, 1, ConvolutionPadding.Valid));
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Transposed_shapes_agree_with_the_naive_loops(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        foreach (ConvolutionPadding padding in (ConvolutionPadding[])[ConvolutionPadding.Valid, ConvolutionPadding.Same])
        {
            foreach ((int kernel, int stride, int dilation) in ((int, int, int)[])[(1, 3, 1), (3, 2, 1), (4, 2, 1), (2, 3, 1), (3, 1, 2), (5, 1, 1)])
            {
                for (int? extra = -1; extra < stride; extra++)
                    Check(w, Conv1DShape.CreateTransposed(2, 6, 5, 18, kernel, stride, dilation, padding, extra < 0 ? null : extra), accumulate: kernel % 2 == 0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void Forward_adds_to_what_is_there_before_bias_and_activation(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        foreach (int dilation in (int[])[1, 2])
        {
            var s = Conv1DShape.Create(2, 9, 3, 19, 3, 1, dilation, ConvolutionPadding.Same);
            float[] x = TestValues.Create(2 * 9 * 3, 1), kernel = TestValues.Create(3 * 3 * 19, 2), bias = TestValues.Create(19, 3), y = TestValues.Create(2 * 9 * 19, 4);
            float[] want = new float[y.Length], before = [.. y];
            NaiveConv1D.Forward(s, x, kernel, bias, ActivationKind.Linear, want);
            for (int i = 0; i < want.Length; i++)
                want[i] = Math.Max(0, want[i] + before[i]);
            Conv1DKernel.Forward(w, s, x, kernel, bias, ActivationKind.ReLU, y, accumulate: true);
            ConvolutionCheck.Same($"{set} {s} Forward adding", want, y, s.KernelSize * s.Channels);
        }
    }

    [Fact]
    public void A_kernel_longer_than_the_input_is_refused_with_both_lengths()
    {
        string message = Assert.Throws<ArgumentException>(() => Conv1DShape.Create(1, 6, 1, 1, 4, 1, 2, ConvolutionPadding.Valid)).Message;
        Assert.Contains("spans 7 steps", message);
        Assert.Contains("input of 6", message);
        Assert.Throws<ArgumentException>(() => Conv1DShape.Create(1, 6, 1, 1, 0, 1, 1, ConvolutionPadding.Valid));
        Assert.Throws<ArgumentException>(() => Conv1DShape.Create(1, 6, 0, 1, 1, 1, 1, ConvolutionPadding.Valid));
    }

    [Fact]
    public void Short_spans_are_refused_by_name()
    {
        var w = new Workers(threads: 1);
        var s = Conv1DShape.Create(1, 6, 2, 3, 2, 1, 1, ConvolutionPadding.Valid);
        Assert.Contains("x needs 12", Assert.Throws<ArgumentException>(() => Conv1DKernel.Forward(w, s, new float[11], new float[12], [], default, new float[15])).Message);
        Assert.Contains("bias needs 3", Assert.Throws<ArgumentException>(() => Conv1DKernel.Forward(w, s, new float[12], new float[12], new float[2], default, new float[15])).Message);
        Assert.Contains("dx needs 12", Assert.Throws<ArgumentException>(() => Conv1DKernel.InputGradient(w, s, new float[15], new float[12], new float[1], false)).Message);
        Assert.Contains("dkernel needs 12", Assert.Throws<ArgumentException>(() => Conv1DKernel.WeightGradient(w, s, new float[12], new float[15], new float[1], false)).Message);
    }

    [Fact]
    public void Without_sequences_or_steps_gradients_are_zero_or_stay()
    {
        var w = new Workers(threads: 1);
        float[] kernel = [1, 2];
        Conv1DKernel.WeightGradient(w, Conv1DShape.Create(0, 5, 1, 1, 2, 1, 1, ConvolutionPadding.Valid), [], [], kernel, accumulate: true);
        Assert.Equal([1, 2], kernel);
        Conv1DKernel.WeightGradient(w, Conv1DShape.Create(3, 0, 1, 1, 2, 1, 1, ConvolutionPadding.Same), [], [], kernel, accumulate: false);
        Assert.Equal([0, 0], kernel);
        Conv1DKernel.Forward(w, Conv1DShape.Create(3, 0, 1, 1, 2, 1, 1, ConvolutionPadding.Causal), [], kernel, [], default, []);
    }

    [Fact]
    public void A_repeated_step_allocates_nothing()
    {
        var w = new Workers(threads: 1);
        var s = Conv1DShape.Create(8, 50, 16, 24, 3, 1, 1, ConvolutionPadding.Same);
        float[] x = new float[s.Batch * s.Length * s.Channels], kernel = new float[3 * 16 * 24], y = new float[s.Batch * s.OutputLength * s.Filters];
        long least = Allocations.Least(() =>
        {
            Conv1DKernel.Forward(w, s, x, kernel, [], ActivationKind.ReLU, y);
            Conv1DKernel.InputGradient(w, s, y, kernel, x, accumulate: true);
            Conv1DKernel.WeightGradient(w, s, x, y, kernel, accumulate: true);
        });
        Assert.Equal(0, least);
    }

    private static void Check(Workers w, Conv1DShape s, bool accumulate = false)
        => Of(w, s).Agrees(accumulate, accumulate ? ActivationKind.Sigmoid : ActivationKind.ReLU);

    private static ConvolutionCheck Of(Workers w, Conv1DShape s) => new(
        $"{w.Kernels} {s}",
        ((int)s.InputElements, (int)s.KernelElements, (int)s.OutputElements, s.Filters),
        (s.KernelSize * s.Channels, s.KernelSize * s.Filters, s.Batch * s.OutputLength),
        new ConvolutionOperations(
            (x, kernel, bias, activation, y) => Conv1DKernel.Forward(w, s, x, kernel, bias, activation, y),
            (dy, kernel, dx, accumulate) => Conv1DKernel.InputGradient(w, s, dy, kernel, dx, accumulate),
            (x, dy, dkernel, accumulate) => Conv1DKernel.WeightGradient(w, s, x, dy, dkernel, accumulate)),
        new ConvolutionOperations(
            (x, kernel, bias, activation, y) => NaiveConv1D.Forward(s, x, kernel, bias, activation, y),
            (dy, kernel, dx, accumulate) => NaiveConv1D.InputGradient(s, dy, kernel, dx, accumulate),
            (x, dy, dkernel, accumulate) => NaiveConv1D.WeightGradient(s, x, dy, dkernel, accumulate)));
}

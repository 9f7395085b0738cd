using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class Pooling2DTests
{
    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Maxima_and_their_positions_agree_with_the_definition(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        foreach (Pool2DShape shape in Shapes(set))
        {
            float[] values = TestValues.Create((int)shape.InputCount, 1, -2, 2);
            // Ties: few distinct values.
            for (int i = 0; i < values.Length; i++)
                values[i] = MathF.Round(values[i]);
            using GuardedMemory x = GuardedMemory.CopyOf(values, shape.Channels % 2 == 0);
            using GuardedMemory y = shape.Channels % 2 == 0 ? GuardedMemory.BeforeGuard((int)shape.OutputCount) : GuardedMemory.AfterGuard((int)shape.OutputCount);
            int[] positions = new int[shape.OutputCount], wantPositions = new int[shape.OutputCount];
            float[] want = new float[shape.OutputCount];
            NaivePooling2D.MaxForward(in shape, values, want, wantPositions);
            MaxPooling2DKernel.Forward(w, in shape, x.Span, y.Span, positions);
            Assert.Null(Tolerance.FirstBitDifference(want, y.Span));
            Assert.Equal(wantPositions, positions);
            y.Span.Clear();
            MaxPooling2DKernel.Forward(w, in shape, x.Span, y.Span, default);
            Assert.Null(Tolerance.FirstBitDifference(want, y.Span));
            Assert.True(y.IsSlackUntouched);

            float[] dy = TestValues.Create((int)shape.OutputCount, 2), dx = new float[shape.InputCount], wantDx = new float[shape.InputCount];
            Array.Fill(dx, 1f);
            Array.Fill(wantDx, 1f);
            for (int i = 0; i < dy.Length; i++)
                wantDx[wantPositions[i]] += dy[i];
            MaxPooling2DKernel.Backward(w, in shape, dy, positions, dx, accumulate: true);
            Assert.Null(Tolerance.FirstBitDifference(wantDx, dx));
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Means_and_their_gradients_agree_with_the_definition(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        foreach (Pool2DShape shape in Shapes(set))
        {
            using GuardedMemory x = GuardedMemory.CopyOf(TestValues.Create((int)shape.InputCount, 1));
            using GuardedMemory y = GuardedMemory.BeforeGuard((int)shape.OutputCount);
            using GuardedMemory dy = GuardedMemory.CopyOf(TestValues.Create((int)shape.OutputCount, 2));
            // At most 12 terms of at most 1 in a mean, 12 shares and what was there in a gradient: 14 roundings of sums below 14.
            double bound = 14 * 14 * Tolerance.Epsilon;
            float[] want = new float[shape.OutputCount];
            NaivePooling2D.AverageForward(in shape, x.Span, want);
            AveragePooling2DKernel.Forward(w, in shape, x.Span, y.Span);
            Near(want, y.Span, bound);
            foreach (bool accumulate in new[] { false, true })
            {
                using GuardedMemory dx = GuardedMemory.CopyOf(TestValues.Create((int)shape.InputCount, 3));
                float[] wantDx = dx.Span.ToArray();
                NaivePooling2D.AverageBackward(in shape, dy.Span, wantDx, accumulate);
                AveragePooling2DKernel.Backward(w, in shape, dy.Span, dx.Span, accumulate);
                Near(wantDx, dx.Span, bound);
                Assert.True(dx.IsSlackUntouched);
            }
            Assert.True(y.IsSlackUntouched);
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void NaN_wins_in_every_place_and_lane_and_minus_infinity_is_a_value(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        foreach (Pool2DShape shape in (Pool2DShape[])[Shape(1, 4, 3, 21, 2, 1, ConvolutionPadding.Same), Sequences(2, 7, 21, 3, 1), Sequences(2, 7, 21, 3, 3)])
        {
            float[] values = TestValues.Create((int)shape.InputCount, 1, -2, 2);
            for (int i = 5; i < values.Length; i += 21)
                values[i] = float.NegativeInfinity;
            for (int i = 0; i < values.Length; i++)
            {
                float[] x = [.. values], want = new float[shape.OutputCount], y = new float[shape.OutputCount];
                int[] wantPositions = new int[want.Length], positions = new int[want.Length];
                x[i] = float.NaN;
                NaivePooling2D.MaxForward(in shape, x, want, wantPositions);
                MaxPooling2DKernel.Forward(w, in shape, x, y, positions);
                Assert.Equal(want, y);
                Assert.Equal(wantPositions, positions);
                Assert.Contains(y, float.IsNaN);
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void NaN_reaches_exactly_the_means_and_gradients_of_its_windows(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        foreach (Pool2DShape shape in Shapes(set))
        {
            float[] x = TestValues.Create((int)shape.InputCount, 1), dy = TestValues.Create((int)shape.OutputCount, 2);
            x[x.Length / 2] = dy[dy.Length / 2] = float.NaN;
            float[] y = new float[dy.Length], wantY = new float[dy.Length], dx = new float[x.Length], wantDx = new float[x.Length];
            Array.Fill(y, float.NaN);
            Array.Fill(dx, float.NaN);
            AveragePooling2DKernel.Forward(w, in shape, x, y);
            NaivePooling2D.AverageForward(in shape, x, wantY);
            AveragePooling2DKernel.Backward(w, in shape, dy, dx, accumulate: false);
            NaivePooling2D.AverageBackward(in shape, dy, wantDx, accumulate: false);
            Assert.Equal(wantY.Select(float.IsNaN), y.Select(float.IsNaN));
            Assert.Equal(wantDx.Select(float.IsNaN), dx.Select(float.IsNaN));
        }
    }

    [Fact]
    public void Sequences_are_images_of_one_row()
    {
        var w = new Workers(threads: 1);
        Pool2DShape shape = Sequences(1, 5, 1, 3, 2);
        float[] y = new float[3], dx = new float[5];
        AveragePooling2DKernel.Forward(w, in shape, [1, 2, 3, 4, 5], y);
        Assert.Equal([1.5f, 3, 4.5f], y);
        AveragePooling2DKernel.Backward(w, in shape, [2, 6, 4], dx, accumulate: false);
        Assert.Equal([1f, 3, 2, 4, 2], dx);
        MaxPooling2DKernel.Forward(w, in shape, [1, 2, 3, 5, 4], y, default);
        Assert.Equal([2f, 5, 5], y);
    }

    [Fact]
    public void Bad_sizes_are_refused()
    {
        var w = new Workers(threads: 1);
        Pool2DShape shape = Shape(1, 4, 4, 1, 2, 2, ConvolutionPadding.Valid);
        Assert.Contains("x has 3", Assert.Throws<ArgumentException>(() => MaxPooling2DKernel.Forward(w, in shape, new float[3], new float[4], default)).Message);
        Assert.Contains("y has 3", Assert.Throws<ArgumentException>(() => AveragePooling2DKernel.Forward(w, in shape, new float[16], new float[3])).Message);
        Assert.Contains("position", Assert.Throws<ArgumentException>(() => MaxPooling2DKernel.Backward(w, in shape, new float[4], new[] { 0, 4, 99, 5 }, new float[16], false)).Message);
        Assert.Contains("does not fit", Assert.Throws<ArgumentException>(() => Shape(1, 1, 4, 1, 2, 2, ConvolutionPadding.Valid)).Message);
        Assert.Throws<ArgumentException>(() => Shape(1, 4, 4, 1, 0, 1, ConvolutionPadding.Valid));
        Assert.Throws<ArgumentException>(() => Shape(1, 4, 4, 1, 2, 1, ConvolutionPadding.Causal));
        Assert.Throws<ArgumentException>(() => Shape(1, 4, 4, 0, 2, 1, ConvolutionPadding.Valid));
        WindowAxis dilated = WindowAxis.Create("test", "rows", 4, 2, 1, 2, ConvolutionPadding.Valid);
        Assert.Contains("dilation", Assert.Throws<ArgumentException>(() => Pool2DShape.Create(1, dilated, dilated, 1)).Message);
    }

    [Fact]
    public void Lengths_and_padding_are_those_of_Keras()
    {
        Assert.Equal(49, WindowAxis.Create("test", "steps", 98, 2, 2, 1, ConvolutionPadding.Valid).OutputLength);
        WindowAxis same = WindowAxis.Create("test", "steps", 7, 4, 2, 1, ConvolutionPadding.Same);
        Assert.Equal((4, 1), (same.OutputLength, same.PaddingBefore));
    }

    private static IEnumerable<Pool2DShape> Shapes(string set)
    {
        int[] widths = KernelSetData.Named(set).IsAccelerated ? [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 32, 33] : [1, 5, 17];
        foreach (ConvolutionPadding padding in new[] { ConvolutionPadding.Valid, ConvolutionPadding.Same })
        {
            foreach (int channels in widths)
            {
                yield return Shape(2, 3, 4, channels, 1, 1, padding);
                yield return Shape(2, 5, 4, channels, 2, 2, padding);
                yield return Shape(3, 4, 5, channels, 3, 1, padding);
                yield return Shape(1, 7, 6, channels, 2, 3, padding);
                yield return Pool2DShape.Create(
                    2, WindowAxis.Create("test", "rows", 5, 4, 2, 1, padding), WindowAxis.Create("test", "columns", 6, 3, 1, 1, padding), channels);
                foreach ((int length, int pool, int stride) in ((int, int, int)[])[(1, 1, 1), (5, 2, 2), (6, 3, 1), (7, 3, 2), (9, 4, 3), (4, 4, 4), (11, 2, 5)])
                    yield return Sequences(3, length, channels, pool, stride, padding);
            }
        }
    }

    private static Pool2DShape Shape(int batch, int rows, int columns, int channels, int pool, int stride, ConvolutionPadding padding)
        => Pool2DShape.Create(batch, WindowAxis.Create("test", "rows", rows, pool, stride, 1, padding), WindowAxis.Create("test", "columns", columns, pool, stride, 1, padding), channels);

    private static Pool2DShape Sequences(int batch, int length, int channels, int pool, int stride, ConvolutionPadding padding = ConvolutionPadding.Same)
        => Pool2DShape.OfSequences(batch, WindowAxis.Create("test", "steps", length, pool, stride, 1, padding), channels);

    private static void Near(ReadOnlySpan<float> want, ReadOnlySpan<float> got, double bound)
    {
        for (int i = 0; i < want.Length; i++)
            Assert.True(Math.Abs((double)got[i] - want[i]) <= bound, $"element {i}: expected {want[i]:R}, got {got[i]:R}");
    }
}

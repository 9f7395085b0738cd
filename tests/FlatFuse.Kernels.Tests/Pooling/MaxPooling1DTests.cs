using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class MaxPooling1DTests
{
    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Forward_and_positions_agree_with_the_definition(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        int[] widths = KernelSetData.Named(set).IsAccelerated ? [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 32, 33] : [1, 5, 17];
        foreach (ConvolutionPadding padding in new[] { ConvolutionPadding.Valid, ConvolutionPadding.Same })
        {
            foreach ((int length, int pool, int stride) in new[] { (1, 1, 1), (5, 2, 2), (6, 3, 1), (7, 3, 2), (9, 4, 3), (4, 4, 4), (11, 2, 5) })
            {
                foreach (int channels in widths)
                {
                    Pool1DShape shape = Pool1DShape.Create(3, length, channels, pool, stride, padding);
                    float[] values = TestValues.Create((int)shape.InputCount, length, -2, 2);
                    // Ties: few distinct values.
                    for (int i = 0; i < values.Length; i++)
                        values[i] = MathF.Round(values[i]);
                    using GuardedMemory x = GuardedMemory.CopyOf(values, channels % 2 == 0);
                    using GuardedMemory y = channels % 2 == 0 ? GuardedMemory.BeforeGuard((int)shape.OutputCount) : GuardedMemory.AfterGuard((int)shape.OutputCount);
                    int[] positions = new int[shape.OutputCount];
                    float[] want = new float[shape.OutputCount];
                    int[] wantPositions = new int[shape.OutputCount];
                    NaiveMaxPooling1D.Forward(in shape, values, want, wantPositions);
                    MaxPooling1DKernel.Forward(w, in shape, x.Span, y.Span, positions);
                    Assert.Null(Tolerance.FirstBitDifference(want, y.Span));
                    Assert.Equal(wantPositions, positions);
                    y.Span.Clear();
                    MaxPooling1DKernel.Forward(w, in shape, x.Span, y.Span, default);
                    Assert.Null(Tolerance.FirstBitDifference(want, y.Span));
                    Assert.True(y.IsSlackUntouched);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.Accelerated), MemberType = typeof(KernelSetData))]
    public void Gradients_go_to_the_maxima_and_add_up_where_windows_overlap(string set)
    {
        for (int threads = 1; threads <= 3; threads++)
        {
            Workers w = KernelSetData.WorkersOf(set, threads);
            Pool1DShape shape = Pool1DShape.Create(2, 4, 1, 3, 1, ConvolutionPadding.Same);
            float[] x = [1, 5, 2, 3, -1, -2, -3, -4];
            float[] y = new float[8];
            int[] positions = new int[8];
            MaxPooling1DKernel.Forward(w, in shape, x, y, positions);
            Assert.Equal([5f, 5, 5, 3, -1, -1, -2, -3], y);
            float[] dx = [10, 10, 10, 10, 10, 10, 10, 10];
            MaxPooling1DKernel.Backward(w, in shape, [1, 2, 4, 8, 16, 32, 64, 128], positions, dx, accumulate: true);
            Assert.Equal([10f, 17, 10, 18, 58, 74, 138, 10], dx);
            MaxPooling1DKernel.Backward(w, in shape, [1, 2, 4, 8, 16, 32, 64, 128], positions, dx, accumulate: false);
            Assert.Equal([0f, 7, 0, 8, 48, 64, 128, 0], dx);
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Gradients_agree_with_adding_position_by_position(string set)
    {
        int[] widths = KernelSetData.Named(set).IsAccelerated ? [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 32, 33] : [1, 5, 17];
        foreach (ConvolutionPadding padding in new[] { ConvolutionPadding.Valid, ConvolutionPadding.Same })
        {
            foreach ((int length, int pool, int stride) in new[] { (1, 1, 1), (5, 2, 2), (6, 3, 1), (9, 3, 3), (9, 4, 3), (4, 4, 4), (13, 2, 5) })
            {
                foreach (int channels in widths)
                {
                    Workers w = KernelSetData.WorkersOf(set, threads: 1 + (channels % 2));
                    Pool1DShape shape = Pool1DShape.Create(3, length, channels, pool, stride, padding);
                    float[] x = TestValues.Create((int)shape.InputCount, length, -2, 2), y = new float[shape.OutputCount];
                    using GuardedMemory dy = GuardedMemory.CopyOf(TestValues.Create(y.Length, 3), channels % 2 == 0);
                    int[] positions = new int[y.Length];
                    NaiveMaxPooling1D.Forward(in shape, x, y, positions);
                    if (channels == 3)
                    {
                        // Whoever gives other positions of the sequence gets what he asked for: the first output's goes to the last element.
                        positions[0] = (length * channels) - 1;
                    }
                    foreach (bool accumulate in new[] { false, true })
                    {
                        using GuardedMemory dx = channels % 2 == 0 ? GuardedMemory.BeforeGuard(x.Length) : GuardedMemory.AfterGuard(x.Length);
                        x.CopyTo(dx.Span);
                        double[] want = new double[x.Length];
                        for (int i = 0; i < x.Length; i++)
                            want[i] = accumulate ? x[i] : 0;
                        for (int i = 0; i < y.Length; i++)
                            want[positions[i]] += dy.Span[i];
                        MaxPooling1DKernel.Backward(w, in shape, dy.Span, positions, dx.Span, accumulate);
                        // At most pool + 1 windows and the old value meet in an element, all of them below 2.
                        for (int i = 0; i < x.Length; i++)
                            Assert.True(Math.Abs(dx.Span[i] - want[i]) <= Tolerance.OfSum(pool + 2, 2 * (pool + 2)), $"{set} {shape} {accumulate}: dx[{i}] expected {want[i]:R}, got {dx.Span[i]:R}");
                        Assert.True(dx.IsSlackUntouched);
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Positions_outside_their_sequence_are_refused_whether_windows_overlap_or_not(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        foreach (int stride in new[] { 1, 2 })
        {
            foreach (int channels in new[] { 1, 16, 19 })
            {
                Pool1DShape shape = Pool1DShape.Create(2, 4, channels, 2, stride, ConvolutionPadding.Valid);
                float[] y = new float[shape.OutputCount];
                foreach (int wrong in new[] { -1, int.MinValue, 4 * channels, int.MaxValue })
                {
                    int[] positions = new int[y.Length];
                    MaxPooling1DKernel.Forward(w, in shape, new float[shape.InputCount], y, positions);
                    positions[0] = wrong;
                    Assert.Contains("outside its sequence", Assert.Throws<ArgumentException>(
                        () => MaxPooling1DKernel.Backward(w, in shape, new float[y.Length], positions, new float[shape.InputCount], false)).Message);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void NaN_wins_in_every_place_and_lane_and_minus_infinity_is_a_value(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        const int Channels = 21;
        foreach (int stride in (int[])[1, 3])
        {
            Pool1DShape shape = Pool1DShape.Create(2, 7, Channels, 3, stride, ConvolutionPadding.Same);
            float[] values = TestValues.Create((int)shape.InputCount, 1, -2, 2);
            values[5] = values[Channels + 5] = values[(2 * Channels) + 5] = float.NegativeInfinity;
            for (int i = 0; i < values.Length; i++)
            {
                float[] x = [.. values], want = new float[shape.OutputCount], y = new float[shape.OutputCount];
                int[] wantPositions = new int[want.Length], positions = new int[want.Length];
                x[i] = float.NaN;
                NaiveMaxPooling1D.Forward(in shape, x, want, wantPositions);
                MaxPooling1DKernel.Forward(w, in shape, x, y, positions);
                Assert.Equal(want, y);
                Assert.Equal(wantPositions, positions);
                Assert.Contains(y, float.IsNaN);
            }
        }
    }

    [Fact]
    public void Shapes_follow_Keras_and_bad_ones_are_refused()
    {
        Assert.Equal(49, Pool1DShape.Create(1, 98, 32, 2, 2, ConvolutionPadding.Valid).OutputLength);
        Pool1DShape same = Pool1DShape.Create(1, 7, 1, 4, 2, ConvolutionPadding.Same);
        Assert.Equal((4, 1), (same.OutputLength, same.PaddingBefore));
        Assert.Contains("does not fit", Assert.Throws<ArgumentException>(() => Pool1DShape.Create(1, 2, 1, 3, 1, ConvolutionPadding.Valid)).Message);
        Assert.Throws<ArgumentException>(() => Pool1DShape.Create(1, 2, 1, 0, 1, ConvolutionPadding.Valid));
        Assert.Throws<ArgumentException>(() => Pool1DShape.Create(1, 2, 1, 1, 1, ConvolutionPadding.Causal));
        var w = new Workers(threads: 1);
        Pool1DShape shape = Pool1DShape.Create(1, 4, 1, 2, 2, ConvolutionPadding.Valid);
        Assert.Throws<ArgumentException>(() => MaxPooling1DKernel.Forward(w, in shape, new float[3], new float[2], default));
        Assert.Throws<ArgumentException>(() => MaxPooling1DKernel.Backward(w, in shape, new float[2], new[] { 0, 4 }, new float[4], false));
    }
}

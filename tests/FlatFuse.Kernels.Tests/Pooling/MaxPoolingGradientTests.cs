using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

/// <summary>The gradient of max pooling, which has a body of its own where windows do not overlap.</summary>
public sealed class MaxPoolingGradientTests
{
    [Theory]
    [MemberData(nameof(KernelSetData.Accelerated), MemberType = typeof(KernelSetData))]
    public void Gradients_go_to_the_maxima_and_add_up_where_windows_overlap(string set)
    {
        for (int threads = 1; threads <= 3; threads++)
        {
            Workers w = KernelSetData.WorkersOf(set, threads);
            Pool2DShape shape = Pool2DShape.OfSequences(2, Axis(4, 3, 1, ConvolutionPadding.Same), 1);
            float[] x = [1, 5, 2, 3, -1, -2, -3, -4];
            float[] y = new float[8];
            int[] positions = new int[8];
            MaxPooling2DKernel.Forward(w, in shape, x, y, positions);
            Assert.Equal([5f, 5, 5, 3, -1, -1, -2, -3], y);
            float[] dx = [10, 10, 10, 10, 10, 10, 10, 10];
            MaxPooling2DKernel.Backward(w, in shape, [1, 2, 4, 8, 16, 32, 64, 128], positions, dx, accumulate: true);
            Assert.Equal([10f, 17, 10, 18, 58, 74, 138, 10], dx);
            MaxPooling2DKernel.Backward(w, in shape, [1, 2, 4, 8, 16, 32, 64, 128], positions, dx, accumulate: false);
            Assert.Equal([0f, 7, 0, 8, 48, 64, 128, 0], dx);
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Gradients_agree_with_adding_position_by_position(string set)
    {
        int[] widths = KernelSetData.Named(set).IsAccelerated ? [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 32, 33] : [1, 5, 17];
        foreach (int channels in widths)
        {
            Workers w = KernelSetData.WorkersOf(set, threads: 1 + (channels % 2));
            foreach (Pool2DShape shape in Shapes(channels))
            {
                float[] x = TestValues.Create((int)shape.InputCount, shape.Columns.Length, -2, 2), y = new float[shape.OutputCount];
                using GuardedMemory dy = GuardedMemory.CopyOf(TestValues.Create(y.Length, 3), channels % 2 == 0);
                int[] positions = new int[y.Length];
                NaivePooling2D.MaxForward(in shape, x, y, positions);
                if (channels == 3)
                {
                    // Whoever gives other positions of the image gets what he asked for: the first output's goes to the last element.
                    positions[0] = shape.ImageInputs - 1;
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
                    MaxPooling2DKernel.Backward(w, in shape, dy.Span, positions, dx.Span, accumulate);
                    // At most as many windows as a window has entries, a stranger and the old value meet in an element, all of them below 2.
                    int terms = (shape.Rows.WindowSize * shape.Columns.WindowSize) + 2;
                    for (int i = 0; i < x.Length; i++)
                        Assert.True(Math.Abs(dx.Span[i] - want[i]) <= Tolerance.OfSum(terms, 2 * terms), $"{set} {shape} {accumulate}: dx[{i}] expected {want[i]:R}, got {dx.Span[i]:R}");
                    Assert.True(dx.IsSlackUntouched);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Positions_outside_their_image_are_refused_whether_windows_overlap_or_not(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        foreach (int stride in new[] { 1, 2 })
        {
            foreach (int channels in new[] { 1, 16, 19 })
            {
                WindowAxis axis = Axis(4, 2, stride, ConvolutionPadding.Valid);
                foreach (Pool2DShape shape in (Pool2DShape[])[Pool2DShape.OfSequences(2, axis, channels), Pool2DShape.Create(2, axis, axis, channels)])
                {
                    float[] y = new float[shape.OutputCount];
                    foreach (int wrong in new[] { -1, int.MinValue, shape.ImageInputs, int.MaxValue })
                    {
                        int[] positions = new int[y.Length];
                        MaxPooling2DKernel.Forward(w, in shape, new float[shape.InputCount], y, positions);
                        positions[0] = wrong;
                        Assert.Contains("outside its image", Assert.Throws<ArgumentException>(
                            () => MaxPooling2DKernel.Backward(w, in shape, new float[y.Length], positions, new float[shape.InputCount], false)).Message);
                    }
                }
            }
        }
    }

    private static IEnumerable<Pool2DShape> Shapes(int channels)
    {
        foreach (ConvolutionPadding padding in new[] { ConvolutionPadding.Valid, ConvolutionPadding.Same })
        {
            foreach ((int length, int pool, int stride) in new[] { (1, 1, 1), (5, 2, 2), (6, 3, 1), (9, 3, 3), (9, 4, 3), (4, 4, 4), (13, 2, 5) })
            {
                WindowAxis axis = Axis(length, pool, stride, padding);
                yield return Pool2DShape.OfSequences(3, axis, channels);
                // Other rows than columns: with gaps, without, and overlapping.
                yield return Pool2DShape.Create(2, Axis(7, 2, 3, padding), axis, channels);
                yield return Pool2DShape.Create(2, axis, Axis(6, 3, 3, padding), channels);
            }
        }
    }

    private static WindowAxis Axis(int length, int pool, int stride, ConvolutionPadding padding) => WindowAxis.Create("test", "entries", length, pool, stride, 1, padding);
}

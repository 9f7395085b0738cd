using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

/// <summary>All gradients at once, in one pass over the batch and one after the other, against the naive loops.</summary>
public sealed class Conv1DBackwardTests
{
    public static IEnumerable<object[]> Accelerated => KernelSetData.Accelerated;

    public static IEnumerable<object[]> All => KernelSetData.All;

    [Theory]
    [MemberData(nameof(All))]
    public void All_gradients_agree_with_the_naive_loops(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        foreach (ConvolutionPadding padding in (ConvolutionPadding[])[ConvolutionPadding.Valid, ConvolutionPadding.Same, ConvolutionPadding.Causal])
        {
            // One pass: 19 sequences are 6 parts of 3 and one of 1; dilated; widths that are no whole vector.
            Check(w, Conv1DShape.Create(19, 40, 9, 21, 3, 1, 1, padding), ActivationKind.ReLU);
            Check(w, Conv1DShape.Create(8, 50, 16, 32, 3, 1, 2, padding), ActivationKind.Linear);
            Check(w, Conv1DShape.Create(8, 50, 16, 32, 3, 1, 1, padding), ActivationKind.GELU, accumulate: true);
            Check(w, Conv1DShape.Create(8, 50, 18, 32, 3, 1, 1, padding), ActivationKind.ReLU, accumulate: true);
            // One after the other: a stride, which has one pass where dx is not wanted; few sequences; short ones.
            Check(w, Conv1DShape.Create(9, 70, 8, 33, 4, 2, 1, padding), ActivationKind.Tanh);
            Check(w, Conv1DShape.Create(2, 30, 5, 7, 3, 1, 1, padding), ActivationKind.GELU);
            Check(w, Conv1DShape.Create(40, 9, 12, 8, 3, 1, 1, padding), ActivationKind.Linear, accumulate: true);
        }
        Check(w, Conv1DShape.Create(8, 60, 30, 16, 1, 1, 1, ConvolutionPadding.Valid), ActivationKind.ReLU);
        // The kernel's gradient turned: short sequences that share sums, in one group and in two of a part; two panels; rows of one sequence in two blocks; in chunks of panels; strides.
        Check(w, Conv1DShape.Create(70, 20, 8, 24, 5, 1, 1, ConvolutionPadding.Valid), ActivationKind.ReLU, accumulate: true);
        Check(w, Conv1DShape.Create(160, 20, 6, 9, 5, 1, 1, ConvolutionPadding.Valid), ActivationKind.GELU);
        Check(w, Conv1DShape.Create(80, 20, 8, 21, 9, 1, 1, ConvolutionPadding.Valid), ActivationKind.Linear);
        Check(w, Conv1DShape.Create(9, 400, 11, 3, 5, 1, 1, ConvolutionPadding.Valid), ActivationKind.ReLU);
        Check(w, Conv1DShape.Create(6, 40, 30, 24, 5, 1, 1, ConvolutionPadding.Valid), ActivationKind.Tanh, accumulate: true);
        // Short sequences whose ends skip taps: with rows between the ends and without, more taps than output steps, widths of whole vectors and not, one column, a group that is left over.
        foreach (int steps in (int[])[33, 20, 12])
        {
            foreach (ConvolutionPadding padding in (ConvolutionPadding[])[ConvolutionPadding.Valid, ConvolutionPadding.Same, ConvolutionPadding.Causal])
            {
                Check(w, Conv1DShape.Create(100, steps, 16, 24, 9, 1, 1, padding), ActivationKind.ReLU);
                Check(w, Conv1DShape.Create(131, steps, 21, 16, 9, 1, 1, padding), ActivationKind.Linear, accumulate: steps == 20);
            }
            Check(w, Conv1DShape.Create(300, steps, 1, 40, 7, 1, 1, ConvolutionPadding.Valid), ActivationKind.GELU);
        }
        // The input's gradient in rows side by side: two, four and five, and a length that none divides.
        foreach (int steps in (int[])[100, 150, 101])
        {
            Check(w, Conv1DShape.Create(17, steps, 8, 16, 5, 1, 1, ConvolutionPadding.Valid), ActivationKind.ReLU);
            Check(w, Conv1DShape.Create(16, steps, 3, 24, 5, 1, 1, ConvolutionPadding.Same), ActivationKind.Tanh);
        }
        Check(w, Conv1DShape.Create(9, 121, 7, 19, 3, 2, 1, ConvolutionPadding.Valid), ActivationKind.ReLU);
        Check(w, Conv1DShape.CreateTransposed(8, 60, 30, 16, 3, 1, 1, ConvolutionPadding.Valid), ActivationKind.ReLU);
    }

    [Theory]
    [MemberData(nameof(Accelerated))]
    public void The_number_of_threads_changes_no_bit(string set)
    {
        ThreadsAgree(set, Conv1DShape.Create(19, 60, 10, 40, 3, 1, 1, ConvolutionPadding.Same));
        ThreadsAgree(set, Conv1DShape.Create(70, 20, 8, 24, 5, 1, 1, ConvolutionPadding.Valid));
        ThreadsAgree(set, Conv1DShape.Create(100, 20, 21, 24, 9, 1, 1, ConvolutionPadding.Valid));
        ThreadsAgree(set, Conv1DShape.Create(6, 40, 30, 24, 5, 1, 1, ConvolutionPadding.Valid));
    }

    private static void ThreadsAgree(string set, Conv1DShape s)
    {
        using var o = new Operands(s, ActivationKind.Sigmoid);
        float[][]? one = null;
        for (int threads = 1; threads <= 3; threads++)
        {
            float[][] now = [new float[o.X.Length], new float[o.Kernel.Length], new float[s.Filters]];
            Conv1DKernel.Backward(KernelSetData.WorkersOf(set, threads), s, o.Pass(now[0], now[1], now[2], accumulate: false));
            one ??= now;
            for (int i = 0; i < 3; i++)
                Assert.Null(Tolerance.FirstBitDifference(one[i], now[i]));
        }
    }

    [Fact]
    public void A_repeated_step_allocates_nothing()
    {
        var w = new Workers(threads: 1);
        foreach (int stride in (int[])[1, 2])
        {
            var s = Conv1DShape.Create(8, 50, 16, 24, 3, stride, 1, ConvolutionPadding.Same);
            using var o = new Operands(s, ActivationKind.ReLU);
            float[] dx = new float[o.X.Length], dkernel = new float[o.Kernel.Length], dbias = new float[s.Filters];
            Assert.Equal(0, Allocations.Least(() => Conv1DKernel.Backward(w, s, o.Pass(dx, dkernel, dbias, accumulate: false))));
        }
    }

    [Fact]
    public void Short_spans_are_refused_by_name()
    {
        var w = new Workers(threads: 1);
        var s = Conv1DShape.Create(1, 6, 2, 3, 2, 1, 1, ConvolutionPadding.Valid);
        using var o = new Operands(s, ActivationKind.ReLU);
        Assert.Contains("dx needs 12", Assert.Throws<ArgumentException>(() => Conv1DKernel.Backward(w, s, o.Pass(new float[11], [], [], false))).Message);
        Assert.Contains("dkernel needs 12", Assert.Throws<ArgumentException>(() => Conv1DKernel.Backward(w, s, o.Pass([], new float[11], [], false))).Message);
        Assert.Contains("dbias needs 3", Assert.Throws<ArgumentException>(() => Conv1DKernel.Backward(w, s, o.Pass([], [], new float[2], false))).Message);
        Assert.Contains("dy needs 15", Assert.Throws<ArgumentException>(() => Conv1DKernel.Backward(w, s, new Conv1DBackward { DY = new float[14] })).Message);
        Assert.Contains("y needs 15", Assert.Throws<ArgumentException>(
            () => Conv1DKernel.Backward(w, s, new Conv1DBackward { DY = new float[15], Activation = ActivationKind.ReLU })).Message);
        Assert.Contains("z needs 15", Assert.Throws<ArgumentException>(
            () => Conv1DKernel.Backward(w, s, new Conv1DBackward { DY = new float[15], Y = new float[15], Activation = ActivationKind.GELU })).Message);
    }

    /// <summary>All three gradients, and each of them alone.</summary>
    private static void Check(Workers w, Conv1DShape s, ActivationKind activation, bool accumulate = false)
    {
        using Operands o = new(s, activation), first = new(s, activation, atEnd: false);
        float[] dz = new float[o.DY.Length];
        Activations.Backward(w, activation, o.Z.Span, o.Y.Span, o.DY.Span, dz, accumulate: false);
        float[] dx = TestValues.Create(o.X.Length, 6), dkernel = TestValues.Create(o.Kernel.Length, 7), dbias = TestValues.Create(s.Filters, 8);
        float[] wantDx = [.. dx], wantDkernel = [.. dkernel], wantDbias = [.. dbias];
        NaiveConv1D.InputGradient(s, dz, o.Kernel.Span, wantDx, accumulate);
        NaiveConv1D.WeightGradient(s, o.X.Span, dz, wantDkernel, accumulate);
        for (int f = 0; f < s.Filters; f++)
        {
            double sum = accumulate ? dbias[f] : 0;
            for (int i = f; i < dz.Length; i += s.Filters)
                sum += dz[i];
            wantDbias[f] = (float)sum;
        }
        // All three gradients once more at last, with operands behind a page.
        for (int turn = 1; turn <= 8; turn++)
        {
            int wanted = Math.Min(turn, 7);
            bool atEnd = turn is 1 or 2 or 4 or 7;
            using var gotDx = GuardedMemory.CopyOf(dx, atEnd);
            using var gotDkernel = GuardedMemory.CopyOf(dkernel, atEnd);
            using var gotDbias = GuardedMemory.CopyOf(dbias, atEnd);
            Conv1DKernel.Backward(w, s, (atEnd ? o : first).Pass(
                (wanted & 1) != 0 ? gotDx.Span : default, (wanted & 2) != 0 ? gotDkernel.Span : default, (wanted & 4) != 0 ? gotDbias.Span : default, accumulate));
            string what = $"{w.Kernels} {s} {activation}, gradients {wanted}";
            Same($"{what}: dx", (wanted & 1) != 0 ? wantDx : dx, gotDx.Span, s.KernelSize * s.Filters);
            Same($"{what}: dkernel", (wanted & 2) != 0 ? wantDkernel : dkernel, gotDkernel.Span, s.Batch * s.OutputLength);
            Same($"{what}: dbias", (wanted & 4) != 0 ? wantDbias : dbias, gotDbias.Span, s.Batch * s.OutputLength);
            Assert.True(gotDx.IsSlackUntouched && gotDkernel.IsSlackUntouched && gotDbias.IsSlackUntouched, what);
        }
    }

    // The bound of Conv1DTests, with derivatives of at most 1.13 (GELU's).
    private static void Same(string what, ReadOnlySpan<float> want, ReadOnlySpan<float> got, int terms)
    {
        double bound = 10 * Math.Sqrt(terms + 2) * (Math.Sqrt(terms) + 2) * Tolerance.Epsilon;
        for (int i = 0; i < want.Length; i++)
        {
            if (!(Math.Abs((double)got[i] - want[i]) <= bound))
                Assert.Fail($"{what}: element {i} expected {want[i]:R}, got {got[i]:R}, bound {bound:R}");
        }
    }

    private sealed class Operands(Conv1DShape s, ActivationKind activation, bool atEnd = true) : IDisposable
    {
        public GuardedMemory X { get; } = GuardedMemory.CopyOf(TestValues.Create(s.Batch * s.Length * s.Channels, 1), atEnd);

        public GuardedMemory Kernel { get; } = GuardedMemory.CopyOf(TestValues.Create(s.KernelSize * s.Channels * s.Filters, 2), atEnd);

        public GuardedMemory Z { get; } = GuardedMemory.CopyOf(TestValues.Create(s.Batch * s.OutputLength * s.Filters, 3), atEnd);

        public GuardedMemory Y { get; } = GuardedMemory.CopyOf(TestValues.Create(s.Batch * s.OutputLength * s.Filters, 4), atEnd);

        public GuardedMemory DY { get; } = GuardedMemory.CopyOf(TestValues.Create(s.Batch * s.OutputLength * s.Filters, 5), atEnd);

        public Conv1DBackward Pass(Span<float> dx, Span<float> dkernel, Span<float> dbias, bool accumulate) => new()
        {
            Activation = activation,
            X = X.Span,
            Kernel = Kernel.Span,
            Z = Activations.NeedsInput(activation) ? Z.Span : default,
            Y = activation == ActivationKind.Linear ? default : Y.Span,
            DY = DY.Span,
            DX = dx,
            DKernel = dkernel,
            DBias = dbias,
            AddDX = accumulate,
            AddDKernel = accumulate,
            AddDBias = accumulate,
        };

        public void Dispose()
        {
            foreach (GuardedMemory memory in (GuardedMemory[])[X, Kernel, Z, Y, DY])
                memory.Dispose();
        }
    }
}

using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class SoftmaxTests
{
    // exp within 2.5 ULP, a sum of at most 100 positive terms, a reciprocal and a product.
    private const double Relative = 2e-6;

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Forward_and_backward_agree_with_double_loops_for_all_widths(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        const int Rows = 3;
        foreach (int classes in Enumerable.Range(1, 67))
        {
            bool atEnd = classes % 2 == 0;
            using GuardedMemory x = GuardedMemory.CopyOf(TestValues.Create(Rows * classes, classes, -6, 6), atEnd);
            using GuardedMemory y = GuardedMemory.CopyOf(new float[Rows * classes], atEnd);
            using GuardedMemory dx = GuardedMemory.CopyOf(TestValues.Create(Rows * classes, 8), atEnd);
            float[] dy = TestValues.Create(Rows * classes, 7);
            double[] p = Probabilities(x.Span, Rows, classes);

            SoftmaxKernel.Forward(w, Rows, classes, x.Span, y.Span);
            Assert.Null(Tolerance.FirstDifference(p, y.Span, Relative));
            double[] want = new double[p.Length];
            for (int i = 0; i < p.Length; i++)
                want[i] = dx.Span[i] + (p[i] * (dy[i] - RowSum(i / classes, classes, j => p[j] * dy[j])));
            SoftmaxKernel.Backward(w, Rows, classes, y.Span, dy, dx.Span, accumulate: true);
            Assert.Null(Tolerance.FirstDifference(want, dx.Span, Relative, 2e-6));

            SoftmaxKernel.LogForward(w, Rows, classes, x.Span, y.Span);
            // x − m and the logarithm of the sum are up to 12 in size.
            Assert.Null(Tolerance.FirstDifference(Array.ConvertAll(p, Math.Log), y.Span, Relative, 3e-6));
            for (int i = 0; i < p.Length; i++)
                want[i] = dy[i] - (p[i] * RowSum(i / classes, classes, j => dy[j]));
            SoftmaxKernel.LogBackward(w, Rows, classes, y.Span, dy, dx.Span, accumulate: false);
            Assert.Null(Tolerance.FirstDifference(want, dx.Span, Relative, 3e-5));
            Assert.True(y.IsSlackUntouched && dx.IsSlackUntouched);
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Extreme_logits_neither_overflow_nor_vanish(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        float[] y = new float[3];
        SoftmaxKernel.Forward(w, 1, 3, [1e30f, 1e30f, -1e30f], y);
        Assert.Equal([0.5f, 0.5f, 0f], y);
        SoftmaxKernel.Forward(w, 1, 3, [float.NegativeInfinity, 5f, float.NegativeInfinity], y);
        Assert.Equal([0f, 1f, 0f], y);
        SoftmaxKernel.Forward(w, 1, 3, [float.NaN, 5f, 6f], y);
        Assert.All(y, value => Assert.True(float.IsNaN(value)));
        SoftmaxKernel.LogForward(w, 1, 3, [1000f, 0f, -1000f], y);
        Assert.Equal([0f, -1000f, -2000f], y);
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Vanishing_terms_are_exactly_zero_and_never_subnormal(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        foreach (int classes in new[] { 3, 16, 19, 40 })
        {
            float[] x = new float[classes], y = new float[classes];
            for (int c = 0; c < classes; c++)
                x[c] = 5 - (7f * c);
            SoftmaxKernel.Forward(w, 1, classes, x, y);
            for (int c = 0; c < classes; c++)
                Assert.Equal(7f * c > 87, y[c] == 0);
            Assert.DoesNotContain(y, float.IsSubnormal);
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void In_place_and_apart_give_the_same_bits(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        float[] x = TestValues.Create(5 * 19, 1);
        float[] y = new float[x.Length];
        float[] z = (float[])x.Clone();
        SoftmaxKernel.Forward(w, 5, 19, x, y);
        SoftmaxKernel.Forward(w, 5, 19, z, z);
        Assert.Null(Tolerance.FirstBitDifference(y, z));
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Crossentropy_with_labels_agrees_with_double_loops(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        const int Rows = 5;
        foreach (int classes in new[] { 1, 2, 3, 7, 10, 16, 17, 40 })
        {
            float[] logits = TestValues.Create(Rows * classes, classes, -6, 6);
            float[] labels = new float[Rows];
            for (int r = 0; r < Rows; r++)
                labels[r] = r * 7 % classes;
            float[] scale = TestValues.Create(Rows, 3);
            float[] before = TestValues.Create(Rows * classes, 4);
            double[] p = Probabilities(logits, Rows, classes);
            double[] wantLosses = new double[Rows];
            double[] want = new double[p.Length];
            for (int i = 0; i < p.Length; i++)
            {
                bool isLabel = i % classes == (int)labels[i / classes];
                want[i] = before[i] + (scale[i / classes] * (p[i] - (isLabel ? 1 : 0)));
                if (isLabel)
                    wantLosses[i / classes] = -Math.Log(p[i]);
            }
            float[] probabilities = new float[p.Length];
            float[] losses = new float[Rows];
            float[] gradient = (float[])before.Clone();
            SoftmaxCrossentropy.Forward(w, Rows, classes, logits, labels, probabilities, losses);
            SoftmaxCrossentropy.Backward(w, Rows, classes, probabilities, labels, scale, gradient, accumulate: true);
            Assert.Null(Tolerance.FirstDifference(p, probabilities, Relative));
            Assert.Null(Tolerance.FirstDifference(wantLosses, losses, Relative, 2e-6));
            Assert.Null(Tolerance.FirstDifference(want, gradient, Relative, 5e-7));

            // The same targets as rows of zeros and a one.
            float[] oneHot = new float[p.Length];
            for (int r = 0; r < Rows; r++)
                oneHot[(r * classes) + (int)labels[r]] = 1;
            float[] denseGradient = (float[])before.Clone();
            SoftmaxCrossentropy.ForwardDense(w, Rows, classes, logits, oneHot, probabilities, losses);
            SoftmaxCrossentropy.BackwardDense(w, Rows, classes, probabilities, oneHot, scale, denseGradient, accumulate: true);
            Assert.Null(Tolerance.FirstDifference(wantLosses, losses, Relative, 2e-6));
            Assert.Null(Tolerance.FirstDifference(want, denseGradient, Relative, 5e-7));
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Smoothed_targets_weigh_every_class(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        float[] logits = [1, 2, 3];
        float[] targets = [0.1f, 0.2f, 0.5f];
        double[] p = Probabilities(logits, 1, 3);
        float[] probabilities = new float[3];
        float[] losses = new float[1];
        SoftmaxCrossentropy.ForwardDense(w, 1, 3, logits, targets, probabilities, losses);
        double loss = 0;
        for (int c = 0; c < 3; c++)
            loss -= targets[c] * Math.Log(p[c]);
        Assert.Equal(loss, losses[0], 1e-6);
        SoftmaxCrossentropy.BackwardDense(w, 1, 3, probabilities, targets, [2f], probabilities, accumulate: false);
        for (int c = 0; c < 3; c++)
            Assert.Equal(2 * ((p[c] * 0.8) - targets[c]), probabilities[c], 1e-6);
    }

    [Theory]
    [MemberData(nameof(KernelSetData.Accelerated), MemberType = typeof(KernelSetData))]
    public void The_number_of_threads_changes_no_bit(string set)
    {
        const int Rows = 3001;
        const int Classes = 13;
        float[] x = TestValues.Create(Rows * Classes, 1);
        float[] labels = new float[Rows];
        float[] wantProbabilities = new float[x.Length];
        float[] wantLosses = new float[Rows];
        SoftmaxCrossentropy.Forward(KernelSetData.WorkersOf(set, 1), Rows, Classes, x, labels, wantProbabilities, wantLosses);
        for (int threads = 2; threads <= 3; threads++)
        {
            float[] probabilities = new float[x.Length];
            float[] losses = new float[Rows];
            SoftmaxCrossentropy.Forward(KernelSetData.WorkersOf(set, threads), Rows, Classes, x, labels, probabilities, losses);
            Assert.Null(Tolerance.FirstBitDifference(wantProbabilities, probabilities));
            Assert.Null(Tolerance.FirstBitDifference(wantLosses, losses));
        }
    }

    [Fact]
    public void A_label_that_is_no_class_is_refused_with_its_row()
    {
        var w = new Workers(threads: 1);
        string message = Assert.Throws<ArgumentException>(
            () => SoftmaxCrossentropy.Forward(w, 2, 3, new float[6], new float[] { 0, 3 }, new float[6], new float[2])).Message;
        Assert.Contains("label 3 of row 1", message);
        Assert.Contains("0 to 2", message);
    }

    private static double[] Probabilities(ReadOnlySpan<float> logits, int rows, int classes)
    {
        double[] p = new double[logits.Length];
        for (int r = 0; r < rows; r++)
        {
            double sum = 0;
            for (int c = 0; c < classes; c++)
                sum += p[(r * classes) + c] = Math.Exp(logits[(r * classes) + c]);
            for (int c = 0; c < classes; c++)
                p[(r * classes) + c] /= sum;
        }
        return p;
    }

    private static double RowSum(int row, int classes, Func<int, double> term)
    {
        double sum = 0;
        for (int j = row * classes; j < (row + 1) * classes; j++)
            sum += term(j);
        return sum;
    }
}

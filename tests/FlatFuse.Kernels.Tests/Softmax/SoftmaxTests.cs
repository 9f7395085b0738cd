using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class SoftmaxTests
{
    // exp within 2.5 ULP, a sum of at most 100 positive terms (of more, 16 lanes at least are added apart), a reciprocal and a product.
    private const double Relative = 2e-6;

    // Every tail of every width, and rows of several times the four vectors that the maximum looks at in a turn.
    private static IEnumerable<int> Widths(string set) => Enumerable.Range(1, 67).Concat(KernelSetData.Named(set).IsAccelerated ? [129, 191, 1000] : []);

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Forward_and_backward_agree_with_double_loops_for_all_widths(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        const int Rows = 3;
        foreach (int classes in Widths(set))
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
    public void The_largest_logit_and_NaN_are_found_in_every_place(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        foreach (int classes in new[] { 5, 19, 131 })
        {
            for (int i = 0; i < classes; i++)
            {
                float[] x = new float[classes], y = new float[classes], logarithms = new float[classes], losses = new float[1];
                // e²⁰⁰ is beyond float: whoever takes another number for the largest gives infinities.
                x[i] = 200;
                SoftmaxKernel.Forward(w, 1, classes, x, y);
                SoftmaxKernel.LogForward(w, 1, classes, x, logarithms);
                for (int c = 0; c < classes; c++)
                    Assert.Equal((c == i ? 1f : 0f, c == i ? 0f : -200f), (y[c], logarithms[c]));
                SoftmaxCrossentropy.Forward(w, 1, classes, x, [0f], y, losses);
                Assert.Equal(i == 0 ? 0f : 200f, losses[0]);
                x[i] = float.NaN;
                SoftmaxKernel.Forward(w, 1, classes, x, y);
                SoftmaxKernel.LogForward(w, 1, classes, x, logarithms);
                Assert.False(y.Any(float.IsFinite) || logarithms.Any(float.IsFinite));
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void A_NaN_or_infinity_in_any_place_makes_its_row_NaN_and_no_other(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        foreach (int classes in new[] { 1, 5, 16, 19, 70 })
        {
            float[] x = new float[3 * classes], y = new float[x.Length], losses = new float[3], labels = new float[3];
            foreach (float odd in new[] { float.NaN, float.PositiveInfinity })
            {
                for (int place = 0; place < classes; place++)
                {
                    TestValues.Create(x.Length, classes, -6, 6).CopyTo(x, 0);
                    x[classes + place] = odd;
                    SoftmaxKernel.Forward(w, 3, classes, x, y);
                    AssertMiddleRowIsNaN(y, classes);
                    SoftmaxKernel.LogForward(w, 3, classes, x, y);
                    AssertMiddleRowIsNaN(y, classes);
                    SoftmaxCrossentropy.Forward(w, 3, classes, x, labels, y, losses);
                    AssertMiddleRowIsNaN(y, classes);
                    AssertMiddleRowIsNaN(losses, 1);
                    SoftmaxCrossentropy.ForwardDense(w, 3, classes, x, new float[x.Length], y, losses);
                    AssertMiddleRowIsNaN(y, classes);
                }
            }
            x.AsSpan(classes, classes).Fill(float.NegativeInfinity);
            SoftmaxKernel.Forward(w, 3, classes, x, y);
            AssertMiddleRowIsNaN(y, classes);
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Two_classes_are_within_two_and_a_half_units_in_the_last_place(string set)
    {
        const int Rows = 8192;
        float[] x = new float[2 * Rows], y = new float[2 * Rows];
        for (int r = 0; r < Rows; r++)
            x[2 * r] = -86f * r / Rows;
        SoftmaxKernel.Forward(KernelSetData.WorkersOf(set), Rows, 2, x, y);
        for (int i = 0; i < y.Length; i++)
        {
            double want = 1 / (1 + Math.Exp(x[i ^ 1] - (double)x[i]));
            double unit = MathF.BitIncrement((float)want) - (float)want;
            Assert.True(Math.Abs(y[i] - want) <= 2.5 * unit, $"logits {x[i]} beside {x[i ^ 1]}: {y[i]} instead of {want}");
        }
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
    public void Crossentropy_with_labels_agrees_with_double_loops_for_all_widths(string set)
    {
        Workers w = KernelSetData.WorkersOf(set, threads: 2);
        // Losses are logarithms of a vector of rows: one and some more of the widest.
        const int Rows = 21;
        foreach (int classes in Widths(set))
        {
            bool atEnd = classes % 2 == 0;
            int count = Rows * classes;
            float[] before = TestValues.Create(count, 4), oneHot = new float[count];
            using GuardedMemory logits = GuardedMemory.CopyOf(TestValues.Create(count, classes, -6, 6), atEnd), labels = GuardedMemory.CopyOf(new float[Rows], atEnd);
            using GuardedMemory scale = GuardedMemory.CopyOf(TestValues.Create(Rows, 3), atEnd);
            for (int r = 0; r < Rows; r++)
            {
                labels.Span[r] = r * 7 % classes;
                oneHot[(r * classes) + (r * 7 % classes)] = 1;
            }
            double[] p = Probabilities(logits.Span, Rows, classes), wantLosses = new double[Rows], want = new double[count];
            for (int i = 0; i < count; i++)
            {
                want[i] = before[i] + (scale.Span[i / classes] * (p[i] - oneHot[i]));
                if (oneHot[i] == 1)
                    wantLosses[i / classes] = -Math.Log(p[i]);
            }
            // The same targets as labels, and as rows of zeros and a one.
            using GuardedMemory targets = GuardedMemory.CopyOf(oneHot, atEnd);
            foreach (bool dense in new[] { false, true })
            {
                using GuardedMemory probabilities = GuardedMemory.CopyOf(new float[count], atEnd), losses = GuardedMemory.CopyOf(new float[Rows], atEnd);
                using GuardedMemory gradient = GuardedMemory.CopyOf(before, atEnd);
                if (dense)
                {
                    SoftmaxCrossentropy.ForwardDense(w, Rows, classes, logits.Span, targets.Span, probabilities.Span, losses.Span);
                    SoftmaxCrossentropy.BackwardDense(w, Rows, classes, probabilities.Span, targets.Span, scale.Span, gradient.Span, accumulate: true);
                }
                else
                {
                    SoftmaxCrossentropy.Forward(w, Rows, classes, logits.Span, labels.Span, probabilities.Span, losses.Span);
                    SoftmaxCrossentropy.Backward(w, Rows, classes, probabilities.Span, labels.Span, scale.Span, gradient.Span, accumulate: true);
                }
                Assert.Null(Tolerance.FirstDifference(p, probabilities.Span, Relative));
                Assert.Null(Tolerance.FirstDifference(wantLosses, losses.Span, Relative, 2e-6));
                Assert.Null(Tolerance.FirstDifference(want, gradient.Span, Relative, 5e-7));
                Assert.True(probabilities.IsSlackUntouched && losses.IsSlackUntouched && gradient.IsSlackUntouched);
            }
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

    [Fact]
    public void A_label_that_is_no_class_is_refused_with_its_row()
    {
        var w = new Workers(threads: 1);
        string message = Assert.Throws<ArgumentException>(
            () => SoftmaxCrossentropy.Forward(w, 2, 3, new float[6], new float[] { 0, 3 }, new float[6], new float[2])).Message;
        Assert.Contains("label 3 of row 1", message);
        Assert.Contains("0 to 2", message);
    }

    private static void AssertMiddleRowIsNaN(float[] rows, int length)
    {
        for (int i = 0; i < rows.Length; i++)
            Assert.Equal(i / length == 1, float.IsNaN(rows[i]));
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

using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class SparsemaxTests
{
    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Forward_and_backward_agree_with_the_sorted_definition_in_double_for_all_widths(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        const int Rows = 3;
        foreach (int classes in Enumerable.Range(1, 67))
        {
            foreach (float span in new[] { 0.01f, 1f, 6f })
            {
                bool atEnd = classes % 2 == 0;
                using GuardedMemory x = GuardedMemory.CopyOf(TestValues.Create(Rows * classes, classes, -span, span), atEnd);
                using GuardedMemory y = GuardedMemory.CopyOf(new float[Rows * classes], atEnd);
                using GuardedMemory dx = GuardedMemory.CopyOf(TestValues.Create(Rows * classes, 8), atEnd);
                float[] before = dx.Span.ToArray();
                float[] dy = TestValues.Create(Rows * classes, 7);
                double[] p = Projected(x.Span, Rows, classes);
                double[] slope = Gradient(p, dy, Rows, classes);

                SparsemaxKernel.Forward(w, Rows, classes, x.Span, y.Span);
                // x − m, a sum of at most 67 numbers of size 1 and a quotient, next to values up to 6.
                Assert.Null(Tolerance.FirstDifference(p, y.Span, 1e-6, 2e-6));
                SparsemaxKernel.Backward(w, Rows, classes, y.Span, dy, dx.Span, accumulate: true);
                double[] want = new double[p.Length];
                for (int i = 0; i < want.Length; i++)
                    want[i] = before[i] + slope[i];
                Assert.Null(Tolerance.FirstDifference(want, dx.Span, 1e-6, 2e-6));
                SparsemaxKernel.Backward(w, Rows, classes, y.Span, dy, dx.Span, accumulate: false);
                Assert.Null(Tolerance.FirstDifference(slope, dx.Span, 1e-6, 2e-6));
                Assert.True(y.IsSlackUntouched && dx.IsSlackUntouched);
                SparsemaxKernel.Forward(w, Rows, classes, x.Span, x.Span);
                Assert.Null(Tolerance.FirstBitDifference(y.Span, x.Span));
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Known_rows_ties_and_rows_that_are_no_numbers(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        float[] y = new float[3];
        SparsemaxKernel.Forward(w, 1, 3, [0f, 0.5f, 1f], y);
        Assert.Equal([0f, 0.25f, 0.75f], y);
        SparsemaxKernel.Forward(w, 1, 3, [1e30f, 1e30f, -1e30f], y);
        Assert.Equal([0.5f, 0.5f, 0f], y);
        SparsemaxKernel.Forward(w, 1, 3, [float.NegativeInfinity, 5f, 4f], y);
        Assert.Equal([0f, 1f, 0f], y);
        foreach (float[] row in new float[][] { [float.NaN, 5f, 6f], [1f, float.PositiveInfinity, 2f], [float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity] })
        {
            SparsemaxKernel.Forward(w, 1, 3, row, y);
            Assert.All(y, value => Assert.True(float.IsNaN(value)));
        }
        SparsemaxKernel.Forward(w, 0, 3, [], []);
        SparsemaxKernel.Forward(w, 2, 0, [], []);
    }

    [Fact]
    public void Wrong_lengths_are_refused_by_name()
    {
        var w = new Workers(KernelSets.Scalar, 1);
        string message = Assert.Throws<ArgumentException>(() => SparsemaxKernel.Forward(w, 2, 3, new float[5], new float[6])).Message;
        Assert.Contains("SparsemaxKernel.Forward: x has 5 elements; expected 6", message);
        message = Assert.Throws<ArgumentException>(() => SparsemaxKernel.Backward(w, 2, 3, new float[6], new float[5], new float[6], false)).Message;
        Assert.Contains("SparsemaxKernel.Backward: dy has 5 elements; expected 6", message);
    }

    // Sorted from the largest: the last k with 1 + k·z(k) > z(1) + … + z(k) gives τ = (z(1) + … + z(k) − 1)/k.
    private static double[] Projected(ReadOnlySpan<float> x, int rows, int classes)
    {
        double[] result = new double[x.Length];
        for (int r = 0; r < rows; r++)
        {
            double[] sorted = [.. x.Slice(r * classes, classes).ToArray().Select(v => (double)v).OrderDescending()];
            double sum = 0;
            double tau = 0;
            for (int k = 1; k <= classes; k++)
            {
                sum += sorted[k - 1];
                if (1 + (k * sorted[k - 1]) > sum)
                    tau = (sum - 1) / k;
            }
            for (int c = 0; c < classes; c++)
                result[(r * classes) + c] = Math.Max(x[(r * classes) + c] - tau, 0);
        }
        return result;
    }

    private static double[] Gradient(double[] y, float[] dy, int rows, int classes)
    {
        double[] result = new double[y.Length];
        for (int r = 0; r < rows; r++)
        {
            int[] survivors = [.. Enumerable.Range(r * classes, classes).Where(i => y[i] > 0)];
            double mean = survivors.Average(i => (double)dy[i]);
            foreach (int i in survivors)
                result[i] = dy[i] - mean;
        }
        return result;
    }
}

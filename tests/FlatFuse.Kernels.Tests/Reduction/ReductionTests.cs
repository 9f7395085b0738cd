using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class ReductionTests
{
    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Sums_and_maxima_agree_with_double_loops_at_every_length_between_guard_pages(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        foreach (int length in KernelSetData.LengthsFor(set).Concat(KernelSetData.Named(set).IsAccelerated ? [4095, 4097, 70_001] : []))
        {
            using GuardedMemory x = GuardedMemory.CopyOf(TestValues.Create(length, length, -2, 1), length % 2 == 0);
            double sum = 0;
            double magnitude = 0;
            double squares = 0;
            float max = float.NegativeInfinity;
            foreach (float value in x.Span)
            {
                sum += value;
                magnitude += Math.Abs(value);
                squares += (double)value * value;
                max = MathF.Max(max, value);
            }
            // At most 1024 additions meet in one float accumulator, then a double takes over; one rounding of the result.
            int depth = Math.Min(length, 1024) + 8;
            Assert.InRange(Reductions.Sum(w, x.Span), sum - Tolerance.OfSum(depth, magnitude), sum + Tolerance.OfSum(depth, magnitude));
            Assert.InRange(Reductions.SumOfSquares(w, x.Span), squares - Tolerance.OfSum(depth, squares), squares + Tolerance.OfSum(depth, squares));
            Assert.Equal(max, Reductions.Max(w, x.Span));
            Assert.True(Reductions.AllFinite(w, x.Span));
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void One_NaN_or_infinity_anywhere_is_found(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        float[] x = TestValues.Create(83, 1, -1e38f, 1e38f);
        for (int i = 0; i < x.Length; i++)
        {
            foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            {
                float[] y = (float[])x.Clone();
                y[i] = bad;
                Assert.False(Reductions.AllFinite(w, y));
                float expected = float.IsNegativeInfinity(bad) ? float.NaN : bad;
                if (!float.IsNaN(expected) || float.IsNaN(bad))
                    Assert.Equal(bad, Reductions.Max(w, y));
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Row_and_column_sums_agree_with_double_loops_for_all_widths(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        int[] heights = KernelSetData.Named(set).IsAccelerated ? [0, 1, 2, 3, 63, 64, 65, 200] : [0, 1, 3, 65];
        foreach (int rows in heights)
        {
            foreach (int columns in Enumerable.Range(1, 67))
            {
                using GuardedMemory x = GuardedMemory.CopyOf(TestValues.Create(rows * columns, rows + columns), columns % 2 == 0);
                using GuardedMemory byColumn = GuardedMemory.CopyOf(TestValues.Create(columns, 5), columns % 2 == 0);
                using GuardedMemory byRow = GuardedMemory.CopyOf(TestValues.Create(rows, 6), columns % 2 == 0);
                double[] wantColumns = Array.ConvertAll(byColumn.Span.ToArray(), v => (double)v);
                double[] wantRows = Array.ConvertAll(byRow.Span.ToArray(), v => (double)v);
                for (int r = 0; r < rows; r++)
                {
                    for (int c = 0; c < columns; c++)
                    {
                        wantColumns[c] += x.Span[(r * columns) + c];
                        wantRows[r] += x.Span[(r * columns) + c];
                    }
                }
                Reductions.SumRows(w, rows, columns, x.Span, byColumn.Span, accumulate: true);
                Reductions.SumColumns(w, rows, columns, x.Span, byRow.Span, accumulate: true);
                // Sums of up to 200 numbers below 1 in blocks of at most 64 additions.
                Assert.Null(Tolerance.FirstDifference(wantColumns, byColumn.Span, 0, Tolerance.OfSum(72, Math.Min(rows + 1, 100))));
                Assert.Null(Tolerance.FirstDifference(wantRows, byRow.Span, 0, Tolerance.OfSum(72, Math.Min(columns + 1, 100))));
                Assert.True(byColumn.IsSlackUntouched && byRow.IsSlackUntouched);
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Overwriting_forgets_what_was_there(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        float[] y = [float.NaN, float.NaN];
        Reductions.SumRows(w, 3, 2, [1, 2, 3, 4, 5, 6], y, accumulate: false);
        Assert.Equal([9f, 12f], y);
        Reductions.SumRows(w, 0, 2, default, y, accumulate: false);
        Assert.Equal([0f, 0f], y);
        float[] z = [float.NaN, float.NaN, float.NaN];
        Reductions.SumColumns(w, 3, 2, [1, 2, 3, 4, 5, 6], z, accumulate: false);
        Assert.Equal([3f, 7f, 11f], z);
        float[] one = [float.NaN];
        Reductions.SumRows(w, 6, 1, [1, 2, 3, 4, 5, 6], one, accumulate: false);
        Assert.Equal([21f], one);
    }

    [Fact]
    public void Nothing_sums_to_zero_and_has_the_smallest_maximum()
    {
        var w = new Workers(threads: 1);
        Assert.Equal(0f, Reductions.Sum(w, default));
        Assert.Equal(float.NegativeInfinity, Reductions.Max(w, default));
        Assert.True(Reductions.AllFinite(w, default));
        Assert.Throws<ArgumentException>(() => Reductions.SumRows(w, 2, 2, new float[3], new float[2], false));
        Assert.Throws<ArgumentException>(() => Reductions.SumColumns(w, 2, 2, new float[4], new float[3], false));
    }
}

using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class DropoutMaskTests
{
    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void The_mask_is_the_same_on_every_set_at_every_length(string set)
    {
        var scalar = new Workers(KernelSets.Scalar, 1);
        Workers w = KernelSetData.WorkersOf(set);
        float[] x = TestValues.Create(1100, 1);
        float[] want = new float[1100];
        float[] wantMask = new float[1100];
        DropoutMask.Forward(scalar, 99, 0.3, x, want, wantMask);
        foreach (int length in KernelSetData.LengthsFor(set))
        {
            using GuardedMemory y = GuardedMemory.CopyOf(x.AsSpan(0, length), length % 2 == 0);
            using GuardedMemory mask = length % 2 == 0 ? GuardedMemory.BeforeGuard(length) : GuardedMemory.AfterGuard(length);
            DropoutMask.Forward(w, 99, 0.3, y.Span, y.Span, mask.Span);
            Assert.Null(Tolerance.FirstBitDifference(want.AsSpan(0, length), y.Span));
            Assert.Null(Tolerance.FirstBitDifference(wantMask.AsSpan(0, length), mask.Span));
            mask.Span.Clear();
            DropoutMask.Fill(w, 99, 0.3, mask.Span);
            Assert.Null(Tolerance.FirstBitDifference(wantMask.AsSpan(0, length), mask.Span));
            Assert.True(mask.IsSlackUntouched && y.IsSlackUntouched);
        }
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void The_share_that_is_dropped_is_the_rate_and_the_rest_is_scaled(double rate)
    {
        const int Count = 100_000;
        float[] mask = new float[Count];
        DropoutMask.Fill(new Workers(threads: 1), 5, rate, mask);
        int dropped = mask.Count(value => value == 0);
        // Five standard errors of a binomial count.
        Assert.Equal(rate * Count, dropped, 5 * Math.Sqrt(Count * rate * (1 - rate)));
        Assert.Equal(Count - dropped, mask.Count(value => value == (float)(1 / (1 - rate))));
    }

    [Fact]
    public void Rates_of_zero_and_one_keep_all_and_none()
    {
        var w = new Workers(threads: 1);
        float[] x = TestValues.Create(100, 1);
        float[] y = new float[100];
        float[] mask = new float[100];
        DropoutMask.Forward(w, 1, 0, x, y, mask);
        Assert.Equal(x, y);
        DropoutMask.Forward(w, 1, 1, x, y, mask);
        Assert.All(y, value => Assert.Equal(0f, value));
        Assert.All(mask, value => Assert.Equal(0f, value));
        Assert.Throws<ArgumentOutOfRangeException>(() => DropoutMask.Fill(w, 1, 1.1, mask));
        Assert.Throws<ArgumentOutOfRangeException>(() => DropoutMask.Fill(w, 1, double.NaN, mask));
    }

    [Fact]
    public void Different_keys_drop_different_elements()
    {
        float[] x = TestValues.Create(70_001, 1);
        float[] y = new float[x.Length];
        float[] mask = new float[x.Length];
        float[] other = new float[x.Length];
        DropoutMask.Forward(new Workers(threads: 1), 1, 0.5, x, y, mask);
        DropoutMask.Fill(new Workers(threads: 1), 2, 0.5, other);
        int equal = 0;
        for (int i = 0; i < x.Length; i++)
            equal += mask[i] == other[i] ? 1 : 0;
        // Independent fair coins agree in half of the cases; standard error 132.
        Assert.InRange(equal, 35_000 - 700, 35_000 + 700);
    }
}

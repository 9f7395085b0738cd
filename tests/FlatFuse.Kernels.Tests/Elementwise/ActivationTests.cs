using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class ActivationTests
{
    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Every_activation_agrees_with_its_formula_in_double(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        float[] x = TestValues.Create(403, 5, -9, 9);
        float[] y = new float[x.Length];
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
        {
            Activations.Forward(w, kind, x, y);
            double[] want = Array.ConvertAll(x, v => ActivationReference.Forward(kind, v));
            // A few roundings of a few operations; TanhShrink subtracts two numbers of size |x|, hence the absolute part.
            double absolute = kind == ActivationKind.TanhShrink ? 2e-6 : 3e-7;
            string? difference = Tolerance.FirstDifference(want, y, 2e-6, absolute);
            Assert.True(difference is null, $"{kind}: {difference}");
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void The_left_tail_of_GELU_keeps_its_relative_accuracy(string set)
    {
        float[] x = TestValues.Create(200, 6, -8, -1);
        float[] y = new float[x.Length];
        Activations.Forward(KernelSetData.WorkersOf(set), ActivationKind.GELU, x, y);
        double[] want = Array.ConvertAll(x, v => ActivationReference.Forward(ActivationKind.GELU, v));
        // x²/2 up to 32 is rounded before the exponential: 32 · 2⁻²⁴ = 1.9e-6, twice for the two roundings, and the polynomial.
        Assert.Null(Tolerance.FirstDifference(want, y, 6e-6));
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Every_derivative_agrees_with_differences_of_the_formula(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        float[] x = Array.FindAll(TestValues.Create(500, 7, -8, 8), v => !ActivationReference.IsNearKink(v));
        float[] dy = TestValues.Create(x.Length, 8, 0.5f, 2);
        float[] before = TestValues.Create(x.Length, 9);
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
        {
            float[] y = new float[x.Length];
            float[] dx = (float[])before.Clone();
            Activations.Forward(w, kind, x, y);
            ReadOnlySpan<float> input = Activations.NeedsInput(kind) ? x : default;
            Activations.Backward(w, kind, input, y, dy, dx, accumulate: true);
            double[] want = new double[x.Length];
            for (int i = 0; i < want.Length; i++)
                want[i] = before[i] + (dy[i] * ActivationReference.Derivative(kind, x[i]));
            // Derivatives from a rounded y carry its relative error; differences are good to 1e-9.
            string? difference = Tolerance.FirstDifference(want, dx, 3e-6, 3e-6);
            Assert.True(difference is null, $"{kind}: {difference}");

            float[] inPlace = (float[])dy.Clone();
            float[] overwritten = new float[x.Length];
            Activations.Backward(w, kind, input, y, dy, overwritten, accumulate: false);
            Activations.Backward(w, kind, input, y, inPlace, inPlace, accumulate: false);
            Assert.Null(Tolerance.FirstBitDifference(overwritten, inPlace));
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void The_derivative_of_ReLU_at_zero_is_zero(string set)
    {
        float[] y = new float[5];
        float[] dx = [9, 9, 9, 9, 9];
        Activations.Backward(KernelSetData.WorkersOf(set), ActivationKind.ReLU, default, y, [1f, 1, 1, 1, 1], dx, accumulate: false);
        Assert.All(dx, value => Assert.Equal(0f, value));
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void No_length_reads_or_writes_outside_its_spans_and_no_result_depends_on_the_position(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        float[] x = TestValues.Create(1100, 11, -4, 4);
        float[] all = new float[x.Length];
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
        {
            Activations.Forward(w, kind, x, all);
            float[] gradient = new float[x.Length];
            Activations.Backward(w, kind, x, all, x, gradient, accumulate: false);
            foreach (int length in KernelSetData.LengthsFor(set).Where(n => n is < 40 or 1000))
            {
                bool atEnd = length % 2 == 0;
                using GuardedMemory input = GuardedMemory.CopyOf(x.AsSpan(3, length), atEnd);
                using GuardedMemory output = atEnd ? GuardedMemory.BeforeGuard(length) : GuardedMemory.AfterGuard(length);
                Activations.Forward(w, kind, input.Span, output.Span);
                Assert.Null(Tolerance.FirstBitDifference(all.AsSpan(3, length), output.Span));
                Activations.Backward(w, kind, input.Span, output.Span, input.Span, input.Span, accumulate: false);
                Assert.Null(Tolerance.FirstBitDifference(gradient.AsSpan(3, length), input.Span));
                Assert.True(input.IsSlackUntouched && output.IsSlackUntouched);
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void NaN_stays_NaN_and_infinities_follow_the_formula(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        float[] y = new float[3];
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
        {
            Activations.Forward(w, kind, [float.NaN, 1f, float.NaN], y);
            Assert.True(float.IsNaN(y[0]) && float.IsNaN(y[2]) && !float.IsNaN(y[1]), $"{kind}: {y[0]}, {y[1]}, {y[2]}");
        }
        foreach (ActivationKind kind in new[] { ActivationKind.HardShrink, ActivationKind.SoftShrink })
        {
            Activations.Forward(w, kind, [float.NegativeInfinity, float.PositiveInfinity, 0.5f], y);
            Assert.Equal([float.NegativeInfinity, float.PositiveInfinity, 0f], y);
        }
        foreach (ActivationKind kind in new[] { ActivationKind.Squareplus, ActivationKind.SparsePlus })
        {
            Activations.Forward(w, kind, [float.NegativeInfinity, float.PositiveInfinity, 3e38f], y);
            Assert.Equal([0f, float.PositiveInfinity, 3e38f], y);
            float[] dx = new float[3];
            Activations.Backward(w, kind, default, y, [1f, 1f, 1f], dx, accumulate: false);
            Assert.Equal([0f, 1f, 1f], dx);
        }
        Activations.Forward(w, ActivationKind.SparseSigmoid, [float.NegativeInfinity, float.PositiveInfinity, -1f], y);
        Assert.Equal([0f, 1f, 0f], y);
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void The_left_tail_of_squareplus_keeps_its_relative_accuracy(string set)
    {
        float[] x = TestValues.Create(200, 6, -2000, -100);
        float[] y = new float[x.Length];
        float[] dx = new float[x.Length];
        Activations.Forward(KernelSetData.WorkersOf(set), ActivationKind.Squareplus, x, y);
        Activations.Backward(KernelSetData.WorkersOf(set), ActivationKind.Squareplus, default, y, TestValues.Create(x.Length, 1, 1, 1), dx, accumulate: false);
        // 2 / (√(x² + 4) − x) in double, where the sum would lose 4e6 · 2⁻⁵³ of it; five roundings, and twice the error of y in y².
        double[] want = Array.ConvertAll(x, v => 2 / (Math.Sqrt(((double)v * v) + 4) - v));
        Assert.Null(Tolerance.FirstDifference(want, y, 4e-7));
        Assert.Null(Tolerance.FirstDifference(Array.ConvertAll(want, v => v * v / (1 + (v * v))), dx, 1.2e-6));
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void A_threshold_passes_what_is_above_it_and_replaces_the_rest(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        foreach (int length in KernelSetData.LengthsFor(set))
        {
            bool atEnd = length % 2 == 0;
            float[] values = TestValues.Create(length, length + 1, -2, 2);
            if (length > 2)
                (values[0], values[1], values[2]) = (float.NaN, 0.25f, float.NegativeInfinity);
            using GuardedMemory x = GuardedMemory.CopyOf(values, atEnd);
            using GuardedMemory y = GuardedMemory.CopyOf(new float[length], atEnd);
            using GuardedMemory dx = GuardedMemory.CopyOf(TestValues.Create(length, 8), atEnd);
            float[] before = dx.Span.ToArray();
            float[] dy = TestValues.Create(length, 7);
            Activations.ThresholdForward(w, x.Span, y.Span, 0.25f, 7f);
            Activations.ThresholdBackward(w, x.Span, dy, dx.Span, 0.25f, accumulate: true);
            for (int i = 0; i < length; i++)
            {
                Assert.Equal(float.IsNaN(values[i]) ? float.NaN : values[i] > 0.25f ? values[i] : 7f, y.Span[i]);
                Assert.Equal(values[i] > 0.25f ? before[i] + dy[i] : before[i], dx.Span[i]);
            }
            Activations.ThresholdBackward(w, x.Span, dy, dx.Span, 0.25f, accumulate: false);
            for (int i = 0; i < length; i++)
                Assert.Equal(values[i] > 0.25f ? dy[i] : 0f, dx.Span[i]);
            Activations.ThresholdForward(w, x.Span, x.Span, 0.25f, 7f);
            Assert.Null(Tolerance.FirstBitDifference(y.Span, x.Span));
            Assert.True(x.IsSlackUntouched && y.IsSlackUntouched && dx.IsSlackUntouched);
        }
    }

    [Fact]
    public void Wrong_lengths_and_kinds_are_refused_by_name()
    {
        var w = new Workers(KernelSets.Scalar, 1);
        float[] three = new float[3];
        float[] four = new float[4];
        string message = Assert.Throws<ArgumentException>(() => Activations.Forward(w, ActivationKind.ReLU, three, four)).Message;
        Assert.Contains("Activations.Forward: y has 4 elements; expected 3", message);
        message = Assert.Throws<ArgumentException>(() => Activations.Backward(w, ActivationKind.GELU, default, three, three, three, false)).Message;
        Assert.Contains("x has 0 elements; expected 3", message);
        Assert.Throws<ArgumentException>(() => Activations.Forward(w, ActivationKind.ReLU, four.AsSpan(0, 3), four.AsSpan(1, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Activations.Forward(w, (ActivationKind)99, three, three));
        message = Assert.Throws<ArgumentException>(() => Activations.ThresholdForward(w, three, four, 0, 0)).Message;
        Assert.Contains("Activations.ThresholdForward: y has 4 elements; expected 3", message);
    }
}

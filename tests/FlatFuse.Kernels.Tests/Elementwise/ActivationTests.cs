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
    [MemberData(nameof(KernelSetData.Accelerated), MemberType = typeof(KernelSetData))]
    public void The_number_of_threads_changes_no_bit(string set)
    {
        float[] x = TestValues.Create(50_001, 12, -4, 4);
        float[] alone = new float[x.Length];
        float[] aloneGradient = new float[x.Length];
        Activations.Forward(KernelSetData.WorkersOf(set, 1), ActivationKind.GELU, x, alone);
        Activations.Backward(KernelSetData.WorkersOf(set, 1), ActivationKind.GELU, x, alone, x, aloneGradient, accumulate: false);
        for (int threads = 2; threads <= 3; threads++)
        {
            float[] y = new float[x.Length];
            float[] dx = new float[x.Length];
            Activations.Forward(KernelSetData.WorkersOf(set, threads), ActivationKind.GELU, x, y);
            Activations.Backward(KernelSetData.WorkersOf(set, threads), ActivationKind.GELU, x, y, x, dx, accumulate: false);
            Assert.Null(Tolerance.FirstBitDifference(alone, y));
            Assert.Null(Tolerance.FirstBitDifference(aloneGradient, dx));
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
    }
}

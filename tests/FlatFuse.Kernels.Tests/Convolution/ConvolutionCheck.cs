using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

internal delegate void ConvolutionForward(ReadOnlySpan<float> x, ReadOnlySpan<float> kernel, ReadOnlySpan<float> bias, ActivationKind activation, Span<float> y);

/// <summary>The gradient of one operand from the other one and that of the output.</summary>
internal delegate void ConvolutionGradient(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> gradient, bool accumulate);

/// <summary>The three operations of a convolution: as kernels, or as the naive loops.</summary>
/// <param name="Forward">y of x, kernel and bias.</param>
/// <param name="InputGradient">dx of dy and kernel.</param>
/// <param name="WeightGradient">dkernel of x and dy.</param>
internal sealed record ConvolutionOperations(ConvolutionForward Forward, ConvolutionGradient InputGradient, ConvolutionGradient WeightGradient);

/// <summary>A convolution of one shape on one kernel set beside its definition, whatever its dimensions.</summary>
/// <param name="Name">Set and shape.</param>
/// <param name="Lengths">Elements of x, kernel, y and bias.</param>
/// <param name="Terms">Longest sum of an element of y, dx and dkernel.</param>
/// <param name="Kernels">What is proved.</param>
/// <param name="Naive">The definition.</param>
internal sealed record ConvolutionCheck(
    string Name, (int X, int Kernel, int Y, int Bias) Lengths, (int Y, int DX, int DKernel) Terms, ConvolutionOperations Kernels, ConvolutionOperations Naive)
{
    /// <summary>All three operations, operands against inaccessible pages behind and in front of them, at every element within the bound of its sum of products of at most 1.</summary>
    public void Agrees(bool accumulate, ActivationKind activation = ActivationKind.Linear)
    {
        foreach (bool atEnd in (bool[])[true, false])
        {
            using var x = GuardedMemory.CopyOf(TestValues.Create(Lengths.X, 1), atEnd);
            using var kernel = GuardedMemory.CopyOf(TestValues.Create(Lengths.Kernel, 2), atEnd);
            using var bias = GuardedMemory.CopyOf(TestValues.Create(Lengths.Bias, 3), atEnd);
            using var dy = GuardedMemory.CopyOf(TestValues.Create(Lengths.Y, 4), atEnd);
            using var y = GuardedMemory.CopyOf(TestValues.Create(Lengths.Y, 5), atEnd);
            using var dx = GuardedMemory.CopyOf(TestValues.Create(Lengths.X, 6), atEnd);
            using var dkernel = GuardedMemory.CopyOf(TestValues.Create(Lengths.Kernel, 7), atEnd);
            float[] wantY = y.Span.ToArray(), wantDX = dx.Span.ToArray(), wantDKernel = dkernel.Span.ToArray();

            Kernels.Forward(x.Span, kernel.Span, bias.Span, activation, y.Span);
            Naive.Forward(x.Span, kernel.Span, bias.Span, activation, wantY);
            Same($"{Name} Forward", wantY, y.Span, Terms.Y);
            Kernels.Forward(x.Span, kernel.Span, [], ActivationKind.Linear, y.Span);
            Naive.Forward(x.Span, kernel.Span, [], ActivationKind.Linear, wantY);
            Same($"{Name} Forward without bias", wantY, y.Span, Terms.Y);
            Kernels.InputGradient(dy.Span, kernel.Span, dx.Span, accumulate);
            Naive.InputGradient(dy.Span, kernel.Span, wantDX, accumulate);
            Same($"{Name} InputGradient", wantDX, dx.Span, Terms.DX);
            Kernels.WeightGradient(x.Span, dy.Span, dkernel.Span, accumulate);
            Naive.WeightGradient(x.Span, dy.Span, wantDKernel, accumulate);
            Same($"{Name} WeightGradient", wantDKernel, dkernel.Span, Terms.DKernel);
            Assert.True(y.IsSlackUntouched && dx.IsSlackUntouched && dkernel.IsSlackUntouched, $"{Name}: memory beside a result was written.");
        }
    }

    /// <summary>
    /// NaN and infinity in x or dy reach the elements that depend on them and no others, and what a result held before reaches none. Of the weights they reach those
    /// elements at least: the padding around a sequence is zeros that take part in the sums, and zero times infinity is NaN.
    /// </summary>
    public void NaNReachesWhatDependsOnIt()
    {
        float[] x = TestValues.Create(Lengths.X, 1, 0.5f, 1), kernel = TestValues.Create(Lengths.Kernel, 2, 0.5f, 1), dy = TestValues.Create(Lengths.Y, 4, 0.5f, 1);
        foreach (float bad in (float[])[float.NaN, float.PositiveInfinity])
        {
            float[] badX = With(x, bad), badKernel = With(kernel, bad), badDY = With(dy, bad);
            SameKind("Forward of x", Lengths.Y, y => Kernels.Forward(badX, kernel, [], default, y), y => Naive.Forward(badX, kernel, [], default, y));
            SameKind("InputGradient of dy", Lengths.X, d => Kernels.InputGradient(badDY, kernel, d, false), d => Naive.InputGradient(badDY, kernel, d, false));
            SameKind("WeightGradient of x", Lengths.Kernel, d => Kernels.WeightGradient(badX, dy, d, false), d => Naive.WeightGradient(badX, dy, d, false));
            SameKind("WeightGradient of dy", Lengths.Kernel, d => Kernels.WeightGradient(x, badDY, d, false), d => Naive.WeightGradient(x, badDY, d, false));
            SameKind("Forward of weights", Lengths.Y, y => Kernels.Forward(x, badKernel, [], default, y), y => Naive.Forward(x, badKernel, [], default, y), padded: true);
            SameKind("InputGradient of weights", Lengths.X, d => Kernels.InputGradient(dy, badKernel, d, false), d => Naive.InputGradient(dy, badKernel, d, false), padded: true);
        }
    }

    /// <summary>The convolution is linear in x and in the kernel, so <c>⟨dy, conv(x, k)⟩ = ⟨dx, x⟩ = ⟨dk, k⟩</c> holds for the definition up to rounding.</summary>
    public void GradientsAreDerivatives()
    {
        float[] x = TestValues.Create(Lengths.X, 1), kernel = TestValues.Create(Lengths.Kernel, 2), dy = TestValues.Create(Lengths.Y, 3);
        float[] y = new float[dy.Length], dx = new float[x.Length], dkernel = new float[kernel.Length];
        Naive.Forward(x, kernel, [], ActivationKind.Linear, y);
        Naive.InputGradient(dy, kernel, dx, false);
        Naive.WeightGradient(x, dy, dkernel, false);
        Assert.Equal(Dot(dy, y), Dot(dx, x), 1e-5);
        Assert.Equal(Dot(dy, y), Dot(dkernel, kernel), 1e-5);
    }

    /// <summary>The kernels' results, one behind the other: the same bits for any number of threads.</summary>
    public float[] Results()
    {
        float[] x = TestValues.Create(Lengths.X, 1), kernel = TestValues.Create(Lengths.Kernel, 2), dy = TestValues.Create(Lengths.Y, 3);
        float[] y = new float[dy.Length], dx = new float[x.Length], dkernel = new float[kernel.Length];
        Kernels.Forward(x, kernel, TestValues.Create(Lengths.Bias, 4), ActivationKind.Tanh, y);
        Kernels.InputGradient(dy, kernel, dx, false);
        Kernels.WeightGradient(x, dy, dkernel, false);
        return [.. y, .. dx, .. dkernel];
    }

    private static double Dot(float[] left, float[] right) => left.Zip(right, (a, b) => (double)a * b).Sum();

    // Errors of random sums grow with the root of the number of terms; the bound of the worst case, terms · ε · Σ|…|, would hide a lost
    // small term. 8 roots of (terms + 2) units of rounding at partial sums below √terms + 2 have 5 standard deviations to spare.
    public static void Same(string what, ReadOnlySpan<float> want, ReadOnlySpan<float> got, int terms)
    {
        double bound = Math.Min(terms + 2, 8 * Math.Sqrt(terms + 2)) * (Math.Sqrt(terms) + 2) * Tolerance.Epsilon;
        for (int i = 0; i < want.Length; i++)
        {
            if (!(Math.Abs((double)got[i] - want[i]) <= bound))
                Assert.Fail($"{what}: element {i} expected {want[i]:R}, got {got[i]:R}, bound {bound:R}");
        }
    }

    // In the middle: there it meets the most windows.
    private static float[] With(float[] operand, float bad)
    {
        float[] copy = [.. operand];
        copy[copy.Length / 2] = bad;
        return copy;
    }

    private void SameKind(string what, int length, Action<float[]> kernel, Action<float[]> naive, bool padded = false)
    {
        float[] want = new float[length], got = new float[length];
        Array.Fill(got, float.NaN);
        kernel(got);
        naive(want);
        for (int i = 0; i < length; i++)
        {
            bool same = float.IsFinite(want[i]) ? padded || float.IsFinite(got[i]) : float.IsNaN(want[i]) ? float.IsNaN(got[i]) : got[i] == want[i];
            if (!same)
                Assert.Fail($"{Name} {what}: element {i} expected {want[i]:R}, got {got[i]:R}");
        }
    }
}

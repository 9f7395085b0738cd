using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class UnaryGradientTests
{
    private const float Low = -0.5f;
    private const float High = 0.75f;

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Gradients_agree_with_double_formulas_at_every_length(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        foreach (UnaryDerivative function in Enum.GetValues<UnaryDerivative>())
        {
            foreach (int length in KernelSetData.LengthsFor(set))
            {
                foreach (bool accumulate in new[] { false, true })
                {
                    bool atEnd = length % 2 == 0;
                    using GuardedMemory x = GuardedMemory.CopyOf(TestValues.Create(length, 1), atEnd);
                    using GuardedMemory y = GuardedMemory.CopyOf(TestValues.Create(length, 2, 0.5f, 2f), atEnd);
                    using GuardedMemory dy = GuardedMemory.CopyOf(TestValues.Create(length, 3), atEnd);
                    using GuardedMemory dx = GuardedMemory.CopyOf(TestValues.Create(length, 4), atEnd);
                    double[] want = new double[length];
                    for (int i = 0; i < length; i++)
                        want[i] = (accumulate ? dx.Span[i] : 0) + (dy.Span[i] * Derivative(function, x.Span[i], y.Span[i]));
                    Elementwise.Gradient(w, function, x.Span, y.Span, dy.Span, dx.Span, accumulate, Low, High);
                    // A quotient, a product and a sum are rounded: 3 · 2⁻²⁴ of the term and of the sum.
                    Assert.Null(Tolerance.FirstDifference(want, dx.Span, 3 * Tolerance.Epsilon, 3 * Tolerance.Epsilon));
                    Assert.True(dx.IsSlackUntouched);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Edges_and_NaN_are_right_in_every_position(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        float[] specials = [0f, -0f, Low, High, float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        float[] abs = [0f, 0f, -1f, 1f, 0f, 1f, -1f], clip = [1f, 1f, 1f, 1f, 0f, 0f, 0f], clipped = [0f, -0f, Low, High, float.NaN, High, Low];
        for (int lane = 0; lane < 35; lane++)
        {
            for (int k = 0; k < specials.Length; k++)
            {
                float[] x = TestValues.Create(35, 1), ones = new float[35], dx = new float[35], sums = new float[35];
                ones.AsSpan().Fill(1f);
                x[lane] = specials[k];
                Elementwise.Gradient(w, UnaryDerivative.Abs, x, ones, ones, dx, accumulate: false);
                Assert.Equal(abs[k], dx[lane]);
                Elementwise.AddSigns(w, x, 2f, sums);
                Assert.Equal(2 * abs[k], sums[lane]);
                Elementwise.Gradient(w, UnaryDerivative.Clip, x, ones, ones, dx, accumulate: false, Low, High);
                Assert.Equal(clip[k], dx[lane]);
                Elementwise.Clip(w, x, Low, High, dx);
                Assert.Equal(clipped[k], dx[lane]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Affine_reciprocal_and_sums_of_absolutes_agree_with_double(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        foreach (int length in KernelSetData.LengthsFor(set))
        {
            using GuardedMemory x = GuardedMemory.CopyOf(TestValues.Create(length, length, 0.5f, 2f), length % 2 == 0);
            using GuardedMemory y = GuardedMemory.CopyOf(new float[length], length % 2 == 0);
            double[] wide = Array.ConvertAll(x.Span.ToArray(), value => (double)value);
            Elementwise.Affine(w, x.Span, -1.5f, 0.25f, y.Span);
            Assert.Null(Tolerance.FirstDifference(Array.ConvertAll(wide, value => (-1.5 * value) + 0.25), y.Span, Tolerance.Epsilon, 4 * Tolerance.Epsilon));
            Elementwise.Reciprocal(w, x.Span, 3f, y.Span);
            Assert.Null(Tolerance.FirstDifference(Array.ConvertAll(wide, value => 3 / value), y.Span, Tolerance.Epsilon));
            Elementwise.Negate(w, x.Span, y.Span);
            Assert.Equal(wide.Sum(), Reductions.SumOfAbsolutes(w, y.Span), Tolerance.OfSum(length, wide.Sum()) + 1e-30);
            Assert.True(y.IsSlackUntouched);
        }
    }

    private static double Derivative(UnaryDerivative function, double x, double y) => function switch
    {
        UnaryDerivative.Exp => y,
        UnaryDerivative.Log => 1 / x,
        UnaryDerivative.Sqrt => 0.5 / y,
        UnaryDerivative.Square => 2 * x,
        UnaryDerivative.Abs => Math.Sign(x),
        UnaryDerivative.Reciprocal => -y / x,
        _ => x >= Low && x <= High ? 1 : 0,
    };
}

using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

public sealed class ElementwiseTests
{
    private delegate void Binary(Workers w, ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> y);

    private delegate void Unary(Workers w, ReadOnlySpan<float> x, Span<float> y);

    private static readonly (string Name, Binary Run, Func<float, float, float> Want)[] Binaries =
    [
        ("Add", Elementwise.Add, (a, b) => a + b),
        ("Subtract", Elementwise.Subtract, (a, b) => a - b),
        ("Multiply", Elementwise.Multiply, (a, b) => a * b),
        ("Divide", Elementwise.Divide, (a, b) => a / b),
        ("Maximum", Elementwise.Maximum, MathF.Max),
        ("Minimum", Elementwise.Minimum, MathF.Min),
    ];

    private static readonly (string Name, Unary Run, Func<float, float> Want)[] Unaries =
    [
        ("Sqrt", Elementwise.Sqrt, MathF.Sqrt),
        ("Square", Elementwise.Square, v => v * v),
        ("Abs", Elementwise.Abs, MathF.Abs),
        ("Negate", Elementwise.Negate, v => -v),
        ("Scale", (w, x, y) => Elementwise.Scale(w, x, 1.7f, y), v => 1.7f * v),
    ];

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Operations_of_two_operands_are_correctly_rounded_at_every_length_between_guard_pages(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        foreach ((string name, Binary run, Func<float, float, float> want) in Binaries)
        {
            foreach (int length in KernelSetData.LengthsFor(set))
            {
                bool atEnd = length % 2 == 0;
                using GuardedMemory left = GuardedMemory.CopyOf(TestValues.Create(length, 1, -3, 3), atEnd);
                using GuardedMemory right = GuardedMemory.CopyOf(TestValues.Create(length, 2, 0.5f, 3), atEnd);
                using GuardedMemory y = atEnd ? GuardedMemory.BeforeGuard(length) : GuardedMemory.AfterGuard(length);
                run(w, left.Span, right.Span, y.Span);
                for (int i = 0; i < length; i++)
                    Assert.True(y.Span[i] == want(left.Span[i], right.Span[i]), $"{name}, length {length}, element {i}");
                Assert.True(y.IsSlackUntouched);
                run(w, left.Span, right.Span, left.Span);
                Assert.Null(Tolerance.FirstBitDifference(y.Span, left.Span));
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Functions_of_one_operand_are_correctly_rounded_at_every_length_between_guard_pages(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        foreach ((string name, Unary run, Func<float, float> want) in Unaries)
        {
            foreach (int length in KernelSetData.LengthsFor(set))
            {
                bool atEnd = length % 2 == 0;
                using GuardedMemory x = GuardedMemory.CopyOf(TestValues.Create(length, 3, name == "Sqrt" ? 0 : -3, 3), atEnd);
                using GuardedMemory y = atEnd ? GuardedMemory.BeforeGuard(length) : GuardedMemory.AfterGuard(length);
                run(w, x.Span, y.Span);
                for (int i = 0; i < length; i++)
                    Assert.True(y.Span[i] == want(x.Span[i]), $"{name}, length {length}, element {i}");
                Assert.True(y.IsSlackUntouched);
                run(w, x.Span, x.Span);
                Assert.Null(Tolerance.FirstBitDifference(y.Span, x.Span));
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void AddScaled_adds_a_multiple_at_every_length_between_guard_pages(string set)
    {
        foreach (int length in KernelSetData.LengthsFor(set))
        {
            using GuardedMemory x = GuardedMemory.CopyOf(TestValues.Create(length, 1), length % 2 == 0), y = GuardedMemory.CopyOf(TestValues.Create(length, 2), length % 2 == 0);
            double[] want = new double[length];
            for (int i = 0; i < length; i++)
                want[i] = y.Span[i] + ((double)-0.3f * x.Span[i]);
            Elementwise.AddScaled(KernelSetData.WorkersOf(set), x.Span, -0.3f, y.Span);
            // One or two roundings of numbers below 1.3.
            Assert.Null(Tolerance.FirstDifference(want, y.Span, 0, 2 * Tolerance.Epsilon));
            Assert.True(y.IsSlackUntouched);
        }
    }

    [Theory]
    [MemberData(nameof(KernelSetData.All), MemberType = typeof(KernelSetData))]
    public void Maximum_and_minimum_let_NaN_win_on_either_side_in_every_lane(string set)
    {
        Workers w = KernelSetData.WorkersOf(set);
        for (int i = 0; i < 21; i++)
        {
            float[] numbers = TestValues.Create(21, 1);
            float[] withNaN = (float[])numbers.Clone();
            withNaN[i] = float.NaN;
            float[] y = new float[21];
            foreach (Binary run in new Binary[] { Elementwise.Maximum, Elementwise.Minimum })
            {
                run(w, numbers, withNaN, y);
                Assert.Equal(i, Array.FindIndex(y, float.IsNaN));
                run(w, withNaN, numbers, y);
                Assert.Equal(i, Array.FindIndex(y, float.IsNaN));
                Assert.Single(y, float.IsNaN);
            }
        }
    }

    [Fact]
    public void Wrong_lengths_are_refused_by_name()
    {
        var w = new Workers(KernelSets.Scalar, 1);
        string message = Assert.Throws<ArgumentException>(() => Elementwise.Add(w, new float[2], new float[3], new float[2])).Message;
        Assert.Contains("Elementwise.Add: right has 3 elements; expected 2", message);
    }
}

using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

/// <summary>One product with operands against inaccessible pages, compared with the naive loops.</summary>
internal sealed class GemmCase : IDisposable
{
    private const int Room = 1 << 21;

    // One set of guarded pages for all products of a test: each operand is the end of its memory, so it is misaligned whenever its length is odd.
    private readonly GuardedMemory _a = GuardedMemory.BeforeGuard(Room);
    private readonly GuardedMemory _b = GuardedMemory.BeforeGuard(Room);
    private readonly GuardedMemory _c = GuardedMemory.BeforeGuard(Room);
    private readonly GuardedMemory _bias = GuardedMemory.BeforeGuard(1 << 16);
    private readonly float[] _values = TestValues.Create(Room + 64, seed: 7);

    /// <summary>The product of the operands that the last check left there.</summary>
    public float[] Repeat(Workers w, GemmShape s, bool bias)
    {
        Span<float> c = _c.Span[^(int)s.LengthC..];
        Gemm.Multiply(w, s, _a.Span[^(int)s.LengthA..], _b.Span[^(int)s.LengthB..], c, new GemmEpilogue { Bias = _bias.Span[^(bias ? s.N : 0)..] });
        return c.ToArray();
    }

    /// <summary>The product as the kernels compute it; asserts that it is within the bound of the naive loops and that nothing beside C's columns is touched.</summary>
    public float[] Check(Workers w, GemmShape s, bool bias = false, bool accumulate = false, ActivationKind activation = ActivationKind.Linear)
    {
        Span<float> a = _a.Span[^(int)s.LengthA..], b = _b.Span[^(int)s.LengthB..], c = _c.Span[^(int)s.LengthC..];
        Span<float> biases = _bias.Span[^(bias ? s.N : 0)..];
        _values.AsSpan(1, a.Length).CopyTo(a);
        _values.AsSpan(17, b.Length).CopyTo(b);
        _values.AsSpan(5, c.Length).CopyTo(c);
        _values.AsSpan(3, biases.Length).CopyTo(biases);
        float[] before = c.ToArray();

        Gemm.Multiply(w, s, a, b, c, new GemmEpilogue { Bias = biases, Accumulate = accumulate, Activation = activation });

        float[] want = (float[])before.Clone();
        NaiveGemm.Multiply(s, a, b, want, new GemmEpilogue { Bias = biases, Accumulate = accumulate, Activation = activation });
        for (int i = 0; i < want.Length; i++)
        {
            int m = i / s.LeadingC, n = i % s.LeadingC;
            if (n >= s.N)
            {
                Assert.True(c[i] == before[i], $"{w.Kernels} {s}: element {n} of row {m}, beyond N, was written.");
                continue;
            }
            // The operands are at most 1: a sum of K products, C and the bias has K + 2 roundings of at most Σ|…| ≤ K + 2 each (never more
            // than half an ε); no activation has a slope above 2, but for the exponential, whose slope is its value; 4 ulp for the activation.
            double magnitude = (accumulate ? 1 : 0) + (bias ? 1 : 0);
            for (int k = 0; k < s.K; k++)
                magnitude += Math.Abs(a[(m * s.RowStrideA) + (k * s.ColumnStrideA)] * b[(k * s.RowStrideB) + (n * s.ColumnStrideB)]);
            double slope = activation == ActivationKind.Exponential ? Math.Max(1, want[i]) : 1;
            double bound = (slope * Tolerance.OfSum(s.K + 2, magnitude)) + (4 * Tolerance.Epsilon * Math.Abs(want[i]));
            Assert.True(Math.Abs(c[i] - (double)want[i]) <= bound,
                $"{w.Kernels} {s} bias {bias} accumulate {accumulate} {activation}: C[{m}, {n}] expected {want[i]:R}, got {c[i]:R}, bound {bound:R}");
        }
        return c.ToArray();
    }

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
        _c.Dispose();
        _bias.Dispose();
    }
}

using FlatFuse.Testing;

namespace FlatFuse.Kernels.Tests;

/// <summary>One product with operands against inaccessible pages on either side, compared with the naive loops.</summary>
internal sealed class GemmCase : IDisposable
{
    private const int Room = 1 << 21;

    // Floats beside an operand, away from its page, that no kernel may write, nor read so that it shows.
    private const int Beside = 64;

    private readonly GuardedMemory _a = GuardedMemory.BeforeGuard(Room), _firstA = GuardedMemory.AfterGuard(Room);
    private readonly GuardedMemory _b = GuardedMemory.BeforeGuard(Room), _firstB = GuardedMemory.AfterGuard(Room);
    private readonly GuardedMemory _c = GuardedMemory.BeforeGuard(Room), _firstC = GuardedMemory.AfterGuard(Room);
    private readonly GuardedMemory _bias = GuardedMemory.BeforeGuard(Room), _firstBias = GuardedMemory.AfterGuard(Room);
    private readonly float[] _values = TestValues.Create(Room + 64, seed: 7);

    /// <summary>The product of the operands that the last check left there.</summary>
    public float[] Repeat(Workers w, GemmShape s, bool bias)
    {
        Span<float> c = _c.Span[^(int)s.LengthC..];
        Gemm.Multiply(w, s, _a.Span[^(int)s.LengthA..], _b.Span[^(int)s.LengthB..], c, new GemmEpilogue { Bias = _bias.Span[^(bias ? s.N : 0)..] });
        return c.ToArray();
    }

    /// <summary>
    /// The product as the kernels compute it; asserts that it is within the bound of the naive loops, that nothing beside C's columns is touched and that neither its
    /// operands' addresses (the ends of their memory, so misaligned whenever a length is odd, and its aligned beginning) nor what lies beside them changes a bit.
    /// </summary>
    public float[] Check(Workers w, GemmShape s, bool bias = false, bool accumulate = false, ActivationKind activation = ActivationKind.Linear,
        float? alpha = null, float? beta = null)
    {
        Span<float> a = Values(Last(_a, s.LengthA), 1), b = Values(Last(_b, s.LengthB), 17), c = Values(Last(_c, s.LengthC), 5), biases = Values(Last(_bias, bias ? s.N : 0), 3);
        float[] before = c.ToArray();
        Gemm.Multiply(w, s, a, b, c, new GemmEpilogue { Bias = biases, Accumulate = accumulate, Activation = activation, Alpha = alpha, Beta = beta });
        Assert.False(_c.Span[Math.Max(0, Room - c.Length - Beside)..^c.Length].ContainsAnyExcept(float.NaN), $"{w.Kernels} {s}: memory in front of C was written.");

        Span<float> firstC = Values(First(_firstC, s.LengthC), 5);
        Gemm.Multiply(w, s, Values(First(_firstA, s.LengthA), 1), Values(First(_firstB, s.LengthB), 17), firstC, new GemmEpilogue
        {
            Bias = Values(First(_firstBias, biases.Length), 3), Accumulate = accumulate, Activation = activation, Alpha = alpha, Beta = beta,
        });
        Assert.False(_firstC.Span.Slice(c.Length, Math.Min(Beside, Room - c.Length)).ContainsAnyExcept(float.NaN), $"{w.Kernels} {s}: memory behind C was written.");
        string? difference = Tolerance.FirstBitDifference(c, firstC);
        Assert.True(difference is null, $"{w.Kernels} {s} bias {bias} accumulate {accumulate} {activation}, other addresses: {difference}");

        float[] want = (float[])before.Clone();
        NaiveGemm.Multiply(s, a, b, want, new GemmEpilogue { Bias = biases, Accumulate = accumulate, Activation = activation, Alpha = alpha, Beta = beta });
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
            // A factor adds a rounding.
            double magnitude = Math.Abs(beta ?? (accumulate ? 1 : 0)) + (bias ? 1 : 0);
            for (int k = 0; k < s.K; k++)
                magnitude += Math.Abs((alpha ?? 1) * a[(m * s.RowStrideA) + (k * s.ColumnStrideA)] * b[(k * s.RowStrideB) + (n * s.ColumnStrideB)]);
            double slope = activation == ActivationKind.Exponential ? Math.Max(1, want[i]) : 1;
            double bound = (slope * Tolerance.OfSum(s.K + 2 + (alpha is null && beta is null ? 0 : 2), magnitude)) + (4 * Tolerance.Epsilon * Math.Abs(want[i]));
            if (!(Math.Abs(c[i] - (double)want[i]) <= bound))
                Assert.Fail($"{w.Kernels} {s} bias {bias} accumulate {accumulate} {activation} alpha {alpha} beta {beta}: C[{m}, {n}] expected {want[i]:R}, got {c[i]:R}, bound {bound:R}");
        }
        return c.ToArray();
    }

    public void Dispose()
    {
        foreach (GuardedMemory memory in (GuardedMemory[])[_a, _b, _c, _bias, _firstA, _firstB, _firstC, _firstBias])
            memory.Dispose();
    }

    private static Span<float> Last(GuardedMemory memory, long length)
    {
        Span<float> all = memory.Span;
        all[Math.Max(0, all.Length - (int)length - Beside)..^(int)length].Fill(float.NaN);
        return all[^(int)length..];
    }

    private static Span<float> First(GuardedMemory memory, long length)
    {
        Span<float> all = memory.Span;
        all.Slice((int)length, Math.Min(Beside, all.Length - (int)length)).Fill(float.NaN);
        return all[..(int)length];
    }

    private Span<float> Values(Span<float> operand, int from)
    {
        _values.AsSpan(from, operand.Length).CopyTo(operand);
        return operand;
    }
}

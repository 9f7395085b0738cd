using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FlatFuse.Kernels;

/// <summary>General matrix product of single-precision matrices.</summary>
public static unsafe class Gemm
{
    /// <summary>
    /// <c>C[M, N] = act(α op(A)[M, K] · op(B)[K, N] + β C + bias[N])</c>, row-major.
    /// </summary>
    /// <remarks>
    /// <para>Gradients: <c>dA = dC · Bᵀ</c>, <c>dB = Aᵀ · dC</c>, <c>dbias</c> = column sums of dC.</para>
    /// <para>The products of an element are added in an order that follows from the shape and the kernel set alone: its bits depend
    /// neither on the number of threads nor on its neighbours. With K = 0 the product is zero. NaN and infinities propagate; with α = 0 A and B are not looked at, with β = 0 C is not.</para>
    /// <para>C overlaps no operand.</para>
    /// </remarks>
    /// <param name="w">Kernel set, threads, working memory.</param>
    /// <param name="s">Sizes, transposes, leading dimensions.</param>
    /// <param name="a">A: [M, K], or [K, M] when transposed.</param>
    /// <param name="b">B: [K, N], or [N, K] when transposed.</param>
    /// <param name="c">C: [M, N].</param>
    /// <param name="epilogue">Bias, activation, accumulation, factors; nothing by default.</param>
    /// <exception cref="ArgumentException">A size is negative, a leading dimension cannot be, or a span is too short.</exception>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)] // In a caller that clears its locals the paths' jobs, a kilobyte, would be cleared on every call.
    public static void Multiply(Workers w, in GemmShape s, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, in GemmEpilogue epilogue = default)
    {
        ArgumentNullException.ThrowIfNull(w);
        if (s.M < 0 || s.N < 0 || s.K < 0)
            ThrowSize(s);
        if (s.Lda < 0 || s.Ldb < 0 || s.Ldc < 0 || (s.Ldc != 0 && s.Ldc < s.N))
            ThrowLeading(s);
        if (a.Length < s.LengthA)
            ThrowLength(s, "A", s.LengthA, a.Length);
        if (b.Length < s.LengthB)
            ThrowLength(s, "B", s.LengthB, b.Length);
        if (c.Length < s.LengthC)
            ThrowLength(s, "C", s.LengthC, c.Length);
        if (!epilogue.Bias.IsEmpty && epilogue.Bias.Length != s.N)
            ThrowBias(s, epilogue.Bias.Length);
        fixed (float* pa = a, pb = b, pc = c, bias = epilogue.Bias)
        {
            var problem = new GemmProblem
            {
                M = s.M,
                N = s.N,
                K = s.K,
                A = pa,
                RowStrideA = s.RowStrideA,
                ColumnStrideA = s.ColumnStrideA,
                B = pb,
                RowStrideB = s.RowStrideB,
                ColumnStrideB = s.ColumnStrideB,
                C = pc,
                RowStrideC = s.LeadingC,
                Bias = bias,
                Activation = epilogue.Activation,
                Accumulate = epilogue.Accumulate,
                UpdatesB = s.UpdatesB,
            };
            if (epilogue.Alpha is not null || epilogue.Beta is not null)
                problem.TakeFactors(epilogue.Alpha ?? 1f, epilogue.Beta ?? (epilogue.Accumulate ? 1f : 0f));
            w.Kernels.Gemm(w, problem);
        }
    }

    [DoesNotReturn]
    private static void ThrowSize(in GemmShape s)
        => throw new ArgumentException($"Gemm: sizes may not be negative; received M = {s.M}, N = {s.N}, K = {s.K}.", nameof(s));

    [DoesNotReturn]
    private static void ThrowLeading(in GemmShape s) => throw new ArgumentException(
        $"Gemm {s}: leading dimensions may not be negative and that of C must be 0 (dense) or at least N = {s.N}; received Lda = {s.Lda}, Ldb = {s.Ldb}, Ldc = {s.Ldc}.", nameof(s));

    [DoesNotReturn]
    private static void ThrowLength(in GemmShape s, string operand, long expected, int received) => throw new ArgumentException(
        $"Gemm {s}: {operand} needs {expected} elements (Lda = {s.Lda}, Ldb = {s.Ldb}, Ldc = {s.Ldc}; 0 is dense), received {received}.");

    [DoesNotReturn]
    private static void ThrowBias(in GemmShape s, int received)
        => throw new ArgumentException($"Gemm {s}: the bias needs one value a column, N = {s.N}, or none; received {received}.");
}

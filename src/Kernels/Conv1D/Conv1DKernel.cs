using System.Diagnostics.CodeAnalysis;

namespace FlatFuse.Kernels;

/// <summary>
/// One-dimensional cross-correlation, channels last, as Keras defines it: input [N, L, C], kernel [K, C, F], output [N, Lout, F].
/// </summary>
public static unsafe class Conv1DKernel
{
    /// <summary>
    /// <c>y[n, l, f] = act(bias[f] + Σ x[n, l·stride + k·dilation − before, c] · kernel[k, c, f])</c> over k and c; steps outside the input are zero.
    /// </summary>
    /// <param name="w">Kernel set, threads, working memory.</param>
    /// <param name="s">Sizes.</param>
    /// <param name="x">[N, L, C].</param>
    /// <param name="kernel">[K, C, F].</param>
    /// <param name="bias">[F] or empty.</param>
    /// <param name="activation">Applied last.</param>
    /// <param name="y">[N, Lout, F]; overlaps no operand.</param>
    /// <param name="accumulate">Adds the sum to what <paramref name="y"/> holds, before the activation: the gradient of a transposed convolution is one.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Forward(
        Workers w, in Conv1DShape s, ReadOnlySpan<float> x, ReadOnlySpan<float> kernel, ReadOnlySpan<float> bias, ActivationKind activation, Span<float> y, bool accumulate = false)
    {
        ArgumentNullException.ThrowIfNull(w);
        Check(s, "Forward", "x", s.InputElements, x.Length);
        Check(s, "Forward", "kernel", s.KernelElements, kernel.Length);
        if (!bias.IsEmpty)
            Check(s, "Forward", "bias", s.Filters, bias.Length);
        Check(s, "Forward", "y", s.OutputElements, y.Length);
        if (s.OutputElements == 0)
            return;
        fixed (float* px = x, pk = kernel, pb = bias, py = y)
            w.Kernels.Conv1DForward(w, s, px, pk, pb, activation, py, accumulate);
    }

    /// <summary><c>dx[n, i, c] = Σ dy[n, l, f] · kernel[k, c, f]</c> over all l and k whose window reads step i.</summary>
    /// <param name="w">Kernel set, threads, working memory.</param>
    /// <param name="s">Sizes.</param>
    /// <param name="dy">[N, Lout, F].</param>
    /// <param name="kernel">[K, C, F].</param>
    /// <param name="dx">[N, L, C]; overlaps no operand.</param>
    /// <param name="accumulate">Adds to <paramref name="dx"/> instead of overwriting it.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void InputGradient(Workers w, in Conv1DShape s, ReadOnlySpan<float> dy, ReadOnlySpan<float> kernel, Span<float> dx, bool accumulate)
    {
        ArgumentNullException.ThrowIfNull(w);
        Check(s, "InputGradient", "dy", s.OutputElements, dy.Length);
        Check(s, "InputGradient", "kernel", s.KernelElements, kernel.Length);
        Check(s, "InputGradient", "dx", s.InputElements, dx.Length);
        if (s.InputElements == 0)
            return;
        fixed (float* pdy = dy, pk = kernel, pdx = dx)
            w.Kernels.Conv1DInputGradient(w, s, pdy, pk, pdx, accumulate);
    }

    /// <summary><c>dkernel[k, c, f] = Σ x[n, l·stride + k·dilation − before, c] · dy[n, l, f]</c> over n and l. The bias gradient is the sum of dy's rows.</summary>
    /// <param name="w">Kernel set, threads, working memory.</param>
    /// <param name="s">Sizes.</param>
    /// <param name="x">[N, L, C].</param>
    /// <param name="dy">[N, Lout, F].</param>
    /// <param name="dkernel">[K, C, F]; overlaps no operand.</param>
    /// <param name="accumulate">Adds to <paramref name="dkernel"/> instead of overwriting it.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void WeightGradient(Workers w, in Conv1DShape s, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dkernel, bool accumulate)
    {
        ArgumentNullException.ThrowIfNull(w);
        Check(s, "WeightGradient", "x", s.InputElements, x.Length);
        Check(s, "WeightGradient", "dy", s.OutputElements, dy.Length);
        Check(s, "WeightGradient", "dkernel", s.KernelElements, dkernel.Length);
        fixed (float* px = x, pdy = dy, pdk = dkernel)
            w.Kernels.Conv1DWeightGradient(w, s, px, pdy, pdk, accumulate);
    }

    /// <summary>
    /// All gradients at once: <c>dz = dy · act′</c>, then dx and dkernel as <see cref="InputGradient"/> and <see cref="WeightGradient"/> make them of dz, and
    /// <c>dbias[f] = Σ dz[n, l, f]</c> over n and l.
    /// </summary>
    /// <param name="w">Kernel set, threads, working memory.</param>
    /// <param name="s">Sizes.</param>
    /// <param name="p">The operands.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Backward(Workers w, in Conv1DShape s, in Conv1DBackward p)
    {
        ArgumentNullException.ThrowIfNull(w);
        Check(s, "Backward", "dy", s.OutputElements, p.DY.Length);
        if (p.Activation != ActivationKind.Linear)
            Check(s, "Backward", "y", s.OutputElements, p.Y.Length);
        if (Activations.NeedsInput(p.Activation))
            Check(s, "Backward", "z", s.OutputElements, p.Z.Length);
        if (!p.DX.IsEmpty)
        {
            Check(s, "Backward", "kernel", s.KernelElements, p.Kernel.Length);
            Check(s, "Backward", "dx", s.InputElements, p.DX.Length);
        }
        if (!p.DKernel.IsEmpty)
        {
            Check(s, "Backward", "x", s.InputElements, p.X.Length);
            Check(s, "Backward", "dkernel", s.KernelElements, p.DKernel.Length);
        }
        if (!p.DBias.IsEmpty)
            Check(s, "Backward", "dbias", s.Filters, p.DBias.Length);
        fixed (float* x = p.X, kernel = p.Kernel, z = p.Z, y = p.Y, dy = p.DY, dx = p.DX, dkernel = p.DKernel, dbias = p.DBias)
        {
            var pass = new Conv1DPass
            {
                Activation = p.Activation, X = x, Kernel = kernel, Z = z, Y = y, DY = dy, DX = dx, DKernel = dkernel, DBias = dbias,
                AddDX = p.AddDX, AddDKernel = p.AddDKernel, AddDBias = p.AddDBias,
            };
            w.Kernels.Conv1DBackward(w, s, pass);
        }
    }

    private static void Check(in Conv1DShape s, string operation, string operand, long expected, int received)
    {
        if (received < expected)
            ThrowLength(s, operation, operand, expected, received);
    }

    [DoesNotReturn]
    private static void ThrowLength(in Conv1DShape s, string operation, string operand, long expected, int received)
        => throw new ArgumentException($"Conv1D.{operation} {s}: {operand} needs {expected} elements, received {received}.");
}

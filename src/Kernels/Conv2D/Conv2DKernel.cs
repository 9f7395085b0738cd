namespace FlatFuse.Kernels;

/// <summary>
/// Two-dimensional cross-correlation, channels last, as Keras defines it: input [N, H, W, C], kernel [KH, KW, C, F], output [N, Hout, Wout, F].
/// </summary>
public static unsafe class Conv2DKernel
{
    /// <summary>
    /// <c>y[n, i, j, f] = act(bias[f] + Σ x[n, i·sh + a·dh − above, j·sw + b·dw − left, c] · kernel[a, b, c, f])</c> over a, b and c; entries outside are zero.
    /// </summary>
    /// <param name="w">Kernel set, threads, working memory.</param>
    /// <param name="s">Sizes.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="kernel">[KH, KW, C, F].</param>
    /// <param name="bias">[F] or empty.</param>
    /// <param name="activation">Applied last.</param>
    /// <param name="y">[N, Hout, Wout, F]; overlaps no operand.</param>
    /// <exception cref="ArgumentException">A length does not agree with the sizes.</exception>
    public static void Forward(Workers w, in Conv2DShape s, ReadOnlySpan<float> x, ReadOnlySpan<float> kernel, ReadOnlySpan<float> bias, ActivationKind activation, Span<float> y)
    {
        const string Name = "Conv2DKernel.Forward";
        ArgumentNullException.ThrowIfNull(w);
        Check.Length(Name, "x", x.Length, s.InputElements);
        Check.Length(Name, "kernel", kernel.Length, s.KernelElements);
        Check.LengthOrEmpty(Name, "bias", bias.Length, s.Filters);
        Check.Length(Name, "y", y.Length, s.OutputElements);
        if (y.IsEmpty)
            return;
        fixed (float* px = x, pk = kernel, pb = bias, py = y)
            w.Kernels.Conv2DForward(w, s.Simplified, px, pk, pb, activation, py);
    }

    /// <summary><c>dx[n, h, w, c] = Σ dy[n, i, j, f] · kernel[a, b, c, f]</c> over every window and tap that reads entry (h, w).</summary>
    /// <param name="w">Kernel set, threads, working memory.</param>
    /// <param name="s">Sizes.</param>
    /// <param name="dy">[N, Hout, Wout, F].</param>
    /// <param name="kernel">[KH, KW, C, F].</param>
    /// <param name="dx">[N, H, W, C]; overlaps no operand.</param>
    /// <param name="accumulate">Adds to <paramref name="dx"/> instead of overwriting it.</param>
    /// <exception cref="ArgumentException">A length does not agree with the sizes.</exception>
    public static void InputGradient(Workers w, in Conv2DShape s, ReadOnlySpan<float> dy, ReadOnlySpan<float> kernel, Span<float> dx, bool accumulate)
    {
        const string Name = "Conv2DKernel.InputGradient";
        ArgumentNullException.ThrowIfNull(w);
        Check.Length(Name, "dy", dy.Length, s.OutputElements);
        Check.Length(Name, "kernel", kernel.Length, s.KernelElements);
        Check.Length(Name, "dx", dx.Length, s.InputElements);
        if (dx.IsEmpty)
            return;
        fixed (float* pdy = dy, pk = kernel, pdx = dx)
            w.Kernels.Conv2DInputGradient(w, s.Simplified, pdy, pk, pdx, accumulate);
    }

    /// <summary>
    /// <c>dkernel[a, b, c, f] = Σ x[n, i·sh + a·dh − above, j·sw + b·dw − left, c] · dy[n, i, j, f]</c> over n, i and j. The bias gradient is the sum of dy's rows.
    /// </summary>
    /// <param name="w">Kernel set, threads, working memory.</param>
    /// <param name="s">Sizes.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="dy">[N, Hout, Wout, F].</param>
    /// <param name="dkernel">[KH, KW, C, F]; overlaps no operand.</param>
    /// <param name="accumulate">Adds to <paramref name="dkernel"/> instead of overwriting it.</param>
    /// <exception cref="ArgumentException">A length does not agree with the sizes.</exception>
    public static void WeightGradient(Workers w, in Conv2DShape s, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dkernel, bool accumulate)
    {
        const string Name = "Conv2DKernel.WeightGradient";
        ArgumentNullException.ThrowIfNull(w);
        Check.Length(Name, "x", x.Length, s.InputElements);
        Check.Length(Name, "dy", dy.Length, s.OutputElements);
        Check.Length(Name, "dkernel", dkernel.Length, s.KernelElements);
        fixed (float* px = x, pdy = dy, pdk = dkernel)
            w.Kernels.Conv2DWeightGradient(w, s.Simplified, px, pdy, pdk, accumulate);
    }
}

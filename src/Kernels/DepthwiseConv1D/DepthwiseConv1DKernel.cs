namespace FlatFuse.Kernels;

/// <summary>
/// A convolution that keeps channels apart, channels last: every input channel gives M output channels (the depth multiplier) and meets no other.
/// Input [N, L, C], kernel [K, C, M], output [N, Lout, C · M], where output channel <c>c · M + m</c> comes from input channel c.
/// </summary>
/// <remarks>
/// Sizes are a <see cref="Conv1DShape"/> with <c>Filters = Channels · M</c>; a kernel row is then as wide as an output row, [K, F], and with every
/// input channel repeated M times the convolution is a product of rows, element by element.
/// </remarks>
public static unsafe class DepthwiseConv1DKernel
{
    /// <summary><c>y[n, l, c·M + m] = bias[c·M + m] + Σ x[n, l·stride + k·dilation − before, c] · kernel[k, c, m]</c> over k; steps outside are zero.</summary>
    /// <param name="w">Kernel set, threads, working memory.</param>
    /// <param name="s">Sizes; the filters are a multiple of the channels.</param>
    /// <param name="x">[N, L, C].</param>
    /// <param name="kernel">[K, C, M].</param>
    /// <param name="bias">[C · M] or empty.</param>
    /// <param name="y">[N, Lout, C · M]; overlaps no operand.</param>
    /// <exception cref="ArgumentException">A length does not agree with the sizes.</exception>
    public static void Forward(Workers w, in Conv1DShape s, ReadOnlySpan<float> x, ReadOnlySpan<float> kernel, ReadOnlySpan<float> bias, Span<float> y)
    {
        const string Name = "DepthwiseConv1DKernel.Forward";
        CheckSizes(w, Name, s);
        Check.Length(Name, "x", x.Length, s.InputElements);
        Check.Length(Name, "kernel", kernel.Length, (long)s.KernelSize * s.Filters);
        Check.LengthOrEmpty(Name, "bias", bias.Length, s.Filters);
        Check.Length(Name, "y", y.Length, s.OutputElements);
        if (y.IsEmpty)
            return;
        fixed (float* px = x, pk = kernel, pb = bias, py = y)
            w.Kernels.DepthwiseConv1DForward(w, s, px, pk, pb, py);
    }

    /// <summary><c>dx[n, i, c] = Σ dy[n, l, c·M + m] · kernel[k, c, m]</c> over m and all l, k that read step i.</summary>
    /// <param name="w">Kernel set, threads, working memory.</param>
    /// <param name="s">Sizes; the filters are a multiple of the channels.</param>
    /// <param name="dy">[N, Lout, C · M].</param>
    /// <param name="kernel">[K, C, M].</param>
    /// <param name="dx">[N, L, C]; overlaps no operand.</param>
    /// <param name="accumulate">Adds to <paramref name="dx"/> instead of overwriting it.</param>
    /// <exception cref="ArgumentException">A length does not agree with the sizes.</exception>
    public static void InputGradient(Workers w, in Conv1DShape s, ReadOnlySpan<float> dy, ReadOnlySpan<float> kernel, Span<float> dx, bool accumulate)
    {
        const string Name = "DepthwiseConv1DKernel.InputGradient";
        CheckSizes(w, Name, s);
        Check.Length(Name, "dy", dy.Length, s.OutputElements);
        Check.Length(Name, "kernel", kernel.Length, (long)s.KernelSize * s.Filters);
        Check.Length(Name, "dx", dx.Length, s.InputElements);
        if (dx.IsEmpty)
            return;
        fixed (float* pdy = dy, pk = kernel, pdx = dx)
            w.Kernels.DepthwiseConv1DInputGradient(w, s, pdy, pk, pdx, accumulate);
    }

    /// <summary><c>dkernel[k, c, m] = Σ x[n, l·stride + k·dilation − before, c] · dy[n, l, c·M + m]</c> over n and l. The bias gradient is the sum of dy's rows.</summary>
    /// <param name="w">Kernel set, threads, working memory.</param>
    /// <param name="s">Sizes; the filters are a multiple of the channels.</param>
    /// <param name="x">[N, L, C].</param>
    /// <param name="dy">[N, Lout, C · M].</param>
    /// <param name="dkernel">[K, C, M]; overlaps no operand.</param>
    /// <param name="accumulate">Adds to <paramref name="dkernel"/> instead of overwriting it.</param>
    /// <exception cref="ArgumentException">A length does not agree with the sizes.</exception>
    public static void WeightGradient(Workers w, in Conv1DShape s, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dkernel, bool accumulate)
    {
        const string Name = "DepthwiseConv1DKernel.WeightGradient";
        CheckSizes(w, Name, s);
        Check.Length(Name, "x", x.Length, s.InputElements);
        Check.Length(Name, "dy", dy.Length, s.OutputElements);
        Check.Length(Name, "dkernel", dkernel.Length, (long)s.KernelSize * s.Filters);
        fixed (float* px = x, pdy = dy, pdk = dkernel)
            w.Kernels.DepthwiseConv1DWeightGradient(w, s, px, pdy, pdk, accumulate);
    }

    private static void CheckSizes(Workers w, string operation, in Conv1DShape s)
    {
        ArgumentNullException.ThrowIfNull(w);
        if (s.Channels < 1 || s.Filters % s.Channels != 0)
            Check.Refuse(operation, $"{s.Filters} filters are no multiple of {s.Channels} channels; expected channels · depth multiplier.");
    }
}

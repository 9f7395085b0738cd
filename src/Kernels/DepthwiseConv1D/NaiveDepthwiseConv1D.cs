namespace FlatFuse.Kernels;

/// <summary>The definition of the depthwise convolution and its gradients in plain loops: oracle, baseline, textbook.</summary>
public static class NaiveDepthwiseConv1D
{
    /// <summary><c>y[n, l, c·M + m] = bias[c·M + m] + Σ x[n, l·stride + k·dilation − before, c] · kernel[k, c, m]</c>; steps outside are zero.</summary>
    /// <param name="s">Sizes, with filters = channels · M.</param>
    /// <param name="x">[N, L, C].</param>
    /// <param name="kernel">[K, C, M].</param>
    /// <param name="bias">[C · M] or empty.</param>
    /// <param name="y">[N, Lout, C · M].</param>
    public static void Forward(in Conv1DShape s, ReadOnlySpan<float> x, ReadOnlySpan<float> kernel, ReadOnlySpan<float> bias, Span<float> y)
    {
        for (int row = 0; row < s.Batch * s.OutputLength; row++)
        {
            for (int f = 0; f < s.Filters; f++)
            {
                double sum = bias.IsEmpty ? 0 : bias[f];
                for (int k = 0; k < s.KernelSize; k++)
                {
                    int entry = InputEntry(s, row, k, f);
                    if (entry >= 0)
                        sum += (double)x[entry] * kernel[(k * s.Filters) + f];
                }
                y[(row * s.Filters) + f] = (float)sum;
            }
        }
    }

    /// <summary><c>dx[n, i, c] = Σ dy[n, l, c·M + m] · kernel[k, c, m]</c> over m and all l, k that read step i.</summary>
    /// <param name="s">Sizes, with filters = channels · M.</param>
    /// <param name="dy">[N, Lout, C · M].</param>
    /// <param name="kernel">[K, C, M].</param>
    /// <param name="dx">[N, L, C].</param>
    /// <param name="accumulate">Adds to dx instead of overwriting it.</param>
    public static void InputGradient(in Conv1DShape s, ReadOnlySpan<float> dy, ReadOnlySpan<float> kernel, Span<float> dx, bool accumulate)
    {
        double[] sums = new double[s.InputElements];
        for (int row = 0; row < s.Batch * s.OutputLength; row++)
        {
            for (int k = 0; k < s.KernelSize; k++)
            {
                for (int f = 0; f < s.Filters; f++)
                {
                    int entry = InputEntry(s, row, k, f);
                    if (entry >= 0)
                        sums[entry] += (double)dy[(row * s.Filters) + f] * kernel[(k * s.Filters) + f];
                }
            }
        }
        Write(sums, dx, accumulate);
    }

    /// <summary><c>dkernel[k, c, m] = Σ x[n, l·stride + k·dilation − before, c] · dy[n, l, c·M + m]</c>.</summary>
    /// <param name="s">Sizes, with filters = channels · M.</param>
    /// <param name="x">[N, L, C].</param>
    /// <param name="dy">[N, Lout, C · M].</param>
    /// <param name="dkernel">[K, C, M].</param>
    /// <param name="accumulate">Adds to dkernel instead of overwriting it.</param>
    public static void WeightGradient(in Conv1DShape s, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dkernel, bool accumulate)
    {
        double[] sums = new double[s.KernelSize * s.Filters];
        for (int row = 0; row < s.Batch * s.OutputLength; row++)
        {
            for (int k = 0; k < s.KernelSize; k++)
            {
                for (int f = 0; f < s.Filters; f++)
                {
                    int entry = InputEntry(s, row, k, f);
                    if (entry >= 0)
                        sums[(k * s.Filters) + f] += (double)x[entry] * dy[(row * s.Filters) + f];
                }
            }
        }
        Write(sums, dkernel, accumulate);
    }

    /// <summary>The place in x that output channel f of row n·Lout + l reads at tap k, or −1 for padding.</summary>
    private static int InputEntry(in Conv1DShape s, int row, int k, int f)
    {
        int step = (row % s.OutputLength * s.Stride) + (k * s.Dilation) - s.PaddingBefore;
        bool exists = step >= 0 && step < s.Length;
        return exists ? (((row / s.OutputLength * s.Length) + step) * s.Channels) + (f / (s.Filters / s.Channels)) : -1;
    }

    private static void Write(double[] sums, Span<float> destination, bool accumulate)
    {
        for (int i = 0; i < sums.Length; i++)
            destination[i] = (float)(accumulate ? destination[i] + sums[i] : sums[i]);
    }
}
